"""What the outside may ask for: each service is a small callable whose fields are its
dependencies.
"""
