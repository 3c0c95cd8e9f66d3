"""The learned part of extraction: an article's tokens -> states -> scores. It may be absent."""
