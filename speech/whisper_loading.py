"""A Whisper model from a local folder, with the library's errors made ours."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from speech.errors import RecogniserUnavailable

if TYPE_CHECKING:
    from faster_whisper import WhisperModel


def loaded_whisper(folder: Path, threads: int) -> "WhisperModel":
    """The model, ready to use: 150 MB in memory.

    Raises:
        RecogniserUnavailable: the library or the folder is not usable.
    """
    if not (folder / "model.bin").is_file():
        # Given no such folder the library would take its name for one on the network.
        raise RecogniserUnavailable(
            f"expected a Whisper model in {folder}, found no model.bin there"
        )
    try:
        # Imported late: it takes seconds and 100 MB, and most processes never transcribe.
        from faster_whisper import WhisperModel
    except ImportError as error:
        raise RecogniserUnavailable(f"faster-whisper is not usable: {error}") from error
    # It logs what it does to every sound; its lines are not of our format.
    logging.getLogger("faster_whisper").setLevel(logging.ERROR)
    try:
        return WhisperModel(
            str(folder),
            device="cpu",
            compute_type="int8",
            cpu_threads=threads,
            local_files_only=True,
        )
    except (RuntimeError, ValueError, OSError) as error:
        raise RecogniserUnavailable(
            f"the model in {folder} cannot be loaded: {one_line(error)}"
        ) from error


def one_line(error: BaseException) -> str:
    """What the library says, fit for an error message of ours."""
    return " ".join(str(error).split()) or type(error).__name__
