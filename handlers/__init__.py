"""Doorways: an outside event becomes one call of the desk, and its reply is sent."""
