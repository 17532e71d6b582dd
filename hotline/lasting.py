"""What a server has loaded at its start lives to its end."""

import gc


def spare_the_collector() -> None:
    """Have the garbage collector walk through it no more.

    It would again and again, for up to a fifth of a second, in the middle of a page or a call.
    """
    gc.collect()
    gc.freeze()
