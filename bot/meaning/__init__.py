"""Meaning beside words: texts become vectors, and near vectors mean near things, whatever words
they use.
"""
