"""A model that comes as its publisher's zip: installed when somebody vouches for it, and whole."""

import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from speech.catalogue import is_placed
from speech.errors import HashUnknown, ModelDamaged
from speech.fetching import fetch, verify
from speech.unpacking import unpack_zip
from tests.speech.made_up_models import ARCHIVED, Publisher, a_zip, an_archived_model, sha256


class Machine:
    """One made-up machine and a publisher that it reaches."""

    def __init__(self, root: Path, content: bytes) -> None:
        self.cache = root / "cache"
        self.models = root / "var" / "models"
        self.content = content
        self.sha256 = sha256(content)
        self.publisher = Publisher({"vosk-tiny.zip": content})

    def fetch(self, known: str | None = None, accepted: str | None = None) -> Path:
        return fetch(
            an_archived_model(self.content, known),
            self.cache,
            self.models,
            accepted_sha256=accepted,
            file=self.publisher,
        )

    def lies_about(self) -> list[Path]:
        return [path for path in self.models.parent.rglob("*") if path.is_file()]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path, a_zip(tmp_path / "made.zip", ARCHIVED))


def test_an_archive_of_the_catalogues_hash_is_unpacked_without_its_folder(
    machine: Machine,
) -> None:
    place = machine.fetch(known=machine.sha256)

    model = an_archived_model(machine.content, machine.sha256)
    assert {name: (place / name).read_bytes() for name in ARCHIVED} == ARCHIVED
    assert is_placed(model, machine.models)
    verify(model, machine.models)
    assert not list(machine.cache.rglob("*.zip*"))


def test_an_archive_that_nobody_vouches_for_is_not_installed_and_its_hash_is_told(
    machine: Machine,
) -> None:
    with pytest.raises(HashUnknown, match=machine.sha256) as caught:
        machine.fetch()

    assert caught.value.sha256 == machine.sha256
    assert machine.lies_about() == []


def test_an_accepted_hash_installs_what_was_downloaded_before(machine: Machine) -> None:
    with pytest.raises(HashUnknown):
        machine.fetch()

    place = machine.fetch(accepted=machine.sha256)

    assert machine.publisher.fetched == ["http://publisher/vosk-tiny.zip"]
    assert (place / "am" / "final.mdl").exists()


def test_an_archive_of_another_hash_than_the_accepted_is_thrown_away(machine: Machine) -> None:
    with pytest.raises(ModelDamaged, match=r"vosk-tiny\.zip: expected SHA-256 aaaaaaaaaaaa…"):
        machine.fetch(accepted="a" * 64)

    assert machine.lies_about() == []
    assert not list(machine.cache.rglob("*.zip*"))


def test_a_second_fetch_and_a_second_clone_download_nothing(
    machine: Machine, tmp_path: Path
) -> None:
    machine.fetch(accepted=machine.sha256)
    machine.fetch()

    machine.models = tmp_path / "other" / "models"
    place = machine.fetch(accepted=machine.sha256)

    assert len(machine.publisher.fetched) == 1
    assert (place / "conf" / "mfcc.conf").read_bytes() == ARCHIVED["conf/mfcc.conf"]


def test_another_archive_is_not_taken_for_the_one_that_is_here(machine: Machine) -> None:
    machine.fetch(accepted=machine.sha256)

    with pytest.raises(ModelDamaged, match="expected SHA-256 bbbbbbbbbbbb"):
        machine.fetch(accepted="b" * 64)


def test_a_changed_bit_of_an_unpacked_file_is_found(machine: Machine) -> None:
    place = machine.fetch(known=machine.sha256)
    acoustics = place / "am" / "final.mdl"
    content = bytearray(acoustics.read_bytes())
    acoustics.unlink()
    content[100] ^= 1
    acoustics.write_bytes(content)

    with pytest.raises(ModelDamaged, match=r"am/final\.mdl: expected SHA-256"):
        verify(an_archived_model(machine.content, machine.sha256), machine.models)


def test_a_model_whose_list_is_lost_is_not_there(machine: Machine) -> None:
    place = machine.fetch(known=machine.sha256)
    (place / "installed.json").write_text("[]")
    model = an_archived_model(machine.content, machine.sha256)

    assert not is_placed(model, machine.models)
    with pytest.raises(ModelDamaged, match="nothing tells which files belong"):
        verify(model, machine.models)


def test_a_forged_archive_with_the_right_names_leaves_nothing(tmp_path: Path) -> None:
    content = a_zip(tmp_path / "made.zip", {"am/final.mdl": b"no configuration"})
    machine = Machine(tmp_path, content)

    with pytest.raises(ModelDamaged, match=r"holds no conf/mfcc\.conf"):
        machine.fetch(known=machine.sha256)

    assert machine.lies_about() == []
    assert not list((machine.cache / "models").iterdir())


@pytest.mark.parametrize(
    "members",
    [
        {"../outside": b""},
        {"/etc/outside": b""},
        {"a/../../outside": b""},
        {"C:outside": b""},
        {"a\\..\\outside": b""},
    ],
    ids=lambda members: next(iter(members)),
)
def test_a_member_that_points_outside_is_refused(
    members: Mapping[str, bytes], tmp_path: Path
) -> None:
    a_zip(tmp_path / "bad.zip", members, folder="")

    with pytest.raises(ModelDamaged):
        unpack_zip(tmp_path / "bad.zip", tmp_path / "target", ())

    assert not (tmp_path / "outside").exists()
    assert not (tmp_path / "target").exists()


def test_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("model/am")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
        archive.writestr(link, "/etc")

    with pytest.raises(ModelDamaged, match="no plain file inside its folder"):
        unpack_zip(tmp_path / "bad.zip", tmp_path / "target", ())


def test_a_small_zip_that_holds_far_too_much_is_not_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model/am", bytes(5_000_000))

    with pytest.raises(ModelDamaged, match="would unpack to over"):
        unpack_zip(tmp_path / "bomb.zip", tmp_path / "target", ())


def test_two_names_that_are_one_on_some_disks_are_refused(tmp_path: Path) -> None:
    a_zip(tmp_path / "bad.zip", {"am": b"1", "AM": b"2"})

    with pytest.raises(ModelDamaged, match="holds a file twice"):
        unpack_zip(tmp_path / "bad.zip", tmp_path / "target", ())


@pytest.mark.parametrize("cut_bytes", [1, 30, 3000])
def test_a_cut_or_foreign_file_is_one_clear_error(cut_bytes: int, tmp_path: Path) -> None:
    content = a_zip(tmp_path / "whole.zip", ARCHIVED)
    (tmp_path / "cut.zip").write_bytes(content[:-cut_bytes])

    with pytest.raises(ModelDamaged, match=r"cut\.zip cannot be unpacked"):
        unpack_zip(tmp_path / "cut.zip", tmp_path / "target", ())


def test_a_member_whose_content_was_changed_is_refused(tmp_path: Path) -> None:
    content = bytearray(a_zip(tmp_path / "whole.zip", ARCHIVED))
    at = content.index(b"acoustics") + 40
    content[at] ^= 1
    (tmp_path / "changed.zip").write_bytes(content)

    with pytest.raises(ModelDamaged, match="cannot be unpacked: Bad CRC-32"):
        unpack_zip(tmp_path / "changed.zip", tmp_path / "target", ())
