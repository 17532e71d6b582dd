"""The data key: one per installation, whole or not at all; without it nothing can be read."""

import threading
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from storage import crypto
from storage.crypto import Box, Sealed, read_or_make_key
from storage.errors import BadKey


def test_a_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "data.key"

    first, second = read_or_make_key(path), read_or_make_key(path)

    assert first == second
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [found.name for found in path.parent.iterdir()] == ["data.key"]


def test_processes_that_start_together_share_the_first_ones_key(tmp_path: Path) -> None:
    together = threading.Barrier(8)
    keys: list[bytes] = []

    def start() -> None:
        together.wait()
        keys.append(read_or_make_key(tmp_path / "data.key"))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(keys)) == 1 and len(keys) == 8
    Box(keys[0])


@pytest.mark.parametrize("key", [b"", b"short", b"?" * 44])
def test_a_damaged_key_is_named(key: bytes) -> None:
    with pytest.raises(BadKey):
        Box(key)


@pytest.mark.parametrize("text", ["", "+84912345678", "Đường Trần Phú", "\0"])
def test_what_is_sealed_opens_to_the_same_text(text: str) -> None:
    box = Box(Fernet.generate_key())

    assert box.open(box.seal(text)) == text


def test_another_key_opens_nothing() -> None:
    sealed = Box(Fernet.generate_key()).seal("+84912345678")

    with pytest.raises(BadKey) as caught:
        Box(Fernet.generate_key()).open(sealed)

    assert "912345678" not in str(caught.value)


def test_damaged_text_is_named() -> None:
    with pytest.raises(BadKey):
        Box(Fernet.generate_key()).open(Sealed(b"gAAAA"))


def test_a_hash_finds_the_same_number_and_needs_the_key() -> None:
    box, other = Box(Fernet.generate_key()), Box(Fernet.generate_key())

    assert box.keyed_hash("+84912345678") == box.keyed_hash("+84912345678")
    assert box.keyed_hash("+84912345678") != box.keyed_hash("+84912345679")
    assert box.keyed_hash("+84912345678") != other.keyed_hash("+84912345678")


def test_without_a_key_nothing_is_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crypto, "_box", None)

    with pytest.raises(BadKey, match="use_key"):
        crypto.current_box()
