"""The page on which figures are brought in from a file."""
