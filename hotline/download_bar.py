"""A progress bar for each file that is being downloaded; off a terminal, only its name."""

from types import TracebackType
from typing import Any

import click

MEGABYTE = 1_000_000


class DownloadBar:
    """Shows one file after another; called with (file, bytes done, bytes in all)."""

    def __init__(self) -> None:
        self._file: str | None = None
        self._shown = 0
        self._bar: Any = None

    def __enter__(self) -> "DownloadBar":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def __call__(self, file: str, done_bytes: int, total_bytes: int) -> None:
        if file != self._file:
            self._close()
            self._file = file
            label = f"      {file.split('-')[0]} ({total_bytes // MEGABYTE} MB)"
            self._bar = click.progressbar(length=total_bytes, label=label)
            self._bar.__enter__()
        self._bar.update(max(0, done_bytes - self._shown))
        self._shown = max(done_bytes, self._shown)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
        self._bar, self._shown = None, 0
