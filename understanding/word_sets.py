"""Word lists are written as lines, which people can read."""


def a_set(words: str) -> frozenset[str]:
    """The words of a line."""
    return frozenset(words.split())
