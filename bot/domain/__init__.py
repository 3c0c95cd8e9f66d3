"""The words that every room shares: models, ports, errors, text."""
