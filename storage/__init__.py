"""Verbatim's memory: the stores behind the ``Store`` port."""
