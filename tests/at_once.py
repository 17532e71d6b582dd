"""Deeds of several threads that begin at the same moment."""

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def at_once(*deeds: Callable[[], T]) -> list[T | Exception]:
    """What each of the deeds, all begun at the same moment, returned or raised."""
    together = threading.Barrier(len(deeds))
    found: dict[int, T | Exception] = {}

    def do(number: int, deed: Callable[[], T]) -> None:
        together.wait()
        try:
            found[number] = deed()
        except Exception as error:
            found[number] = error

    threads = [threading.Thread(target=do, args=each) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [found[number] for number in sorted(found)]
