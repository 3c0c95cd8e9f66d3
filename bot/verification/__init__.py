"""Did they really say that? Alleged words against what articles hold, word by word."""
