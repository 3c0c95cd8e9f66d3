"""From an article to its quotes: marks (where), tagging, people and cues (who), extract (all of
it).
"""
