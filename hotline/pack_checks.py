"""What is looked at before a pack is published, beyond what its loader sees.

A wrong change must not take the hotline down: every text has to be there, and where a change is
heard in calls, every way through every flow is walked with it.
"""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import structlog

from hotline.call_facts import province_facts
from hotline.voices import spoken_languages
from notifications.errors import BadTexts
from notifications.texts import check_texts
from provinces.errors import Problem
from provinces.schema import Province
from provinces.spoken_names import spoken_names

log = structlog.get_logger()

# Walking takes ten seconds of a processor: in a process of its own, other pages go on meanwhile.
WALK_LIMIT_S = 300.0
SOUNDS = "sounds"
FLOWS = "flows"

Walk = Callable[[Province, Mapping[str, str]], Sequence[Problem]]
"""What is wrong with the flows of a province that has these texts."""


def check_province(
    before: Province, after: Province, texts: Mapping[str, str], walk: Walk | None = None
) -> Sequence[Problem]:
    """What is wrong with `after`, whose folder lacks these texts; empty where it is sound.

    `before` holds now: flows are walked only where they would be told or say something else.
    """
    try:
        check_texts(after)
    except BadTexts as error:
        return error.problems
    return () if _heard(before) == _heard(after) else (walk or _walk)(after, texts)


def _heard(province: Province) -> object:
    """All that calls are told of a province, and what they say of its names."""
    languages = spoken_languages(province)
    names = {language: spoken_names(province, language) for language in languages}
    return province_facts(province, languages), names


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Whether nobody else, in this process or another one, has this folder at the moment."""
    place = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(place)


def _walk(province: Province, texts: Mapping[str, str]) -> Sequence[Problem]:
    with _alone(province.folder) as alone:
        if alone:
            return _walk_alone(province, texts)
    told = "another change is being checked just now; publish again in half a minute"
    return (Problem(FLOWS, None, told),)


def _walk_alone(province: Province, texts: Mapping[str, str]) -> Sequence[Problem]:
    with tempfile.TemporaryDirectory(prefix="hotline-pack-") as place:
        folder = Path(place, province.key)
        shutil.copytree(province.folder, folder, ignore=shutil.ignore_patterns(SOUNDS))
        if (province.folder / SOUNDS).is_dir():
            (folder / SOUNDS).symlink_to(province.folder / SOUNDS)
        for file, text in texts.items():
            (folder / file).write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "hotline", "check-flows", "--pack", str(folder), "--json"]
        return walked(command, WALK_LIMIT_S)


def walked(command: Sequence[str], limit_s: float) -> Sequence[Problem]:
    """What `hotline check-flows --json` found; a problem too where it came to no end."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=limit_s, check=False, text=True)
    except subprocess.TimeoutExpired:
        log.error("flows not walked", after_s=limit_s)
        told = f"walking the flows took longer than {limit_s:.0f} s and was given up; try again"
        return (Problem(FLOWS, None, told),)
    try:
        found = json.loads(done.stdout)
    except ValueError:
        last = (done.stderr.strip().splitlines() or [""])[-1]
        log.error("flows not walked", exit_code=done.returncode, said=last[:300])
        told = f"the flows could not be walked with this change (exit code {done.returncode})"
        return (Problem(FLOWS, None, told),)
    problems = [*found["words"], *(each for flow in found["flows"] for each in flow["problems"])]
    return tuple(Problem(FLOWS, None, each) for each in problems)
