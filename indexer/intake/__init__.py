"""Documents in: one reader a format."""
