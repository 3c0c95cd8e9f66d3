"""The articles that a new store starts with, and gold annotations to measure against."""
