"""What can go wrong in understanding.

UnderstandingError
└── BadLearnt    learnt weights cannot be read
"""


class UnderstandingError(Exception):
    """The root of this package's errors."""


class BadLearnt(UnderstandingError):
    """Learnt weights are not what was written."""
