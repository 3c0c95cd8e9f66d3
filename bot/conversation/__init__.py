"""What a person may say or tap, and what comes of it: the same through every door."""
