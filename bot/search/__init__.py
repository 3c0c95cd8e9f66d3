"""From a question to ranked quotes: question (understanding), index (recall), matcher (rank,
decide).
"""
