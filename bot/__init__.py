"""Verbatim's mind: it reads, extracts, searches and replies, and knows no Telegram and no
database.
"""
