"""What can go wrong on the citizens' pages.

CitizensError
├── FromElsewhere   a form was sent from a page of another site
├── PutOff          more was sent than is taken of one browser or address; later it will be
└── UnusablePhoto   a photo cannot be taken
"""


class CitizensError(Exception):
    """Root of this package's errors."""


class FromElsewhere(CitizensError):
    """A form was sent from a page of another site."""


class PutOff(CitizensError):
    """More was sent than is taken of one browser or address: the next in `wait_s` seconds."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"the next is taken in {wait_s} s")
        self.wait_s = wait_s


class UnusablePhoto(CitizensError):
    """A photo cannot be taken; `key` is the wording that says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key
