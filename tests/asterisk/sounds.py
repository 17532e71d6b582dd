"""Prompts that the dialplan plays by itself, told apart by their length only."""

from pathlib import Path

import numpy as np

from speech.sound import TELEPHONE_HZ, Sound, write_wav

LENGTHS_S = {
    "please_wait": 1.5,
    "last_resort": 0.6,
    "beep": 0.2,
    "last_resort_thanks": 0.5,
    "last_resort_no_recording": 0.4,
    "technical_problem": 0.3,
}


def lay_prompts(data: Path, language: str = "vi") -> None:
    folder = data / "sounds" / language
    folder.mkdir(parents=True, exist_ok=True)
    for name, length_s in LENGTHS_S.items():
        silence = np.zeros(round(length_s * TELEPHONE_HZ), np.int16)
        write_wav(folder / f"{name}.wav", Sound(silence, TELEPHONE_HZ))
