"""From answers to messages: what is said, in the reader's language, for Telegram and for a
terminal.
"""
