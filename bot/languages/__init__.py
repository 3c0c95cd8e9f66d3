"""Languages as data: each is one TOML file, read by ``language.py``."""
