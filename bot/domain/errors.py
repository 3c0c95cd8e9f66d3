"""What can go wrong, said so that the reader knows what to do."""

from __future__ import annotations


class VerbatimError(Exception):
    """An error whose message may be shown as it is."""


class UnreadableFileError(VerbatimError):
    """A file that can't be read as an article."""


class BadMetadataError(VerbatimError):
    """A date, a URL or a front matter field that is not valid."""


class StoreError(VerbatimError):
    """A store that can't be opened, read or written."""


class NotFoundError(VerbatimError):
    """An id that the store does not hold."""
