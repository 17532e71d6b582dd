"""What was once written down outside the database, the log must still hold."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from accounts.audit import Broken
from accounts.checkpoints import read_checkpoints, verify_with, write_checkpoint
from accounts.errors import BadCheckpoints
from storage.database import reading
from tests.accounts.test_audit import as_an_intruder, write
from tests.builders import NOON


def noted(engine: Engine, file: Path) -> int | None:
    with reading(engine) as session:
        made = write_checkpoint(session, file, NOON)
    return made.number if made else None


def broken(engine: Engine, file: Path) -> Broken | None:
    with reading(engine) as session:
        return verify_with(session, read_checkpoints(file)).broken


def test_a_checkpoint_is_written_once_for_each_end(database: Engine, tmp_path: Path) -> None:
    file = tmp_path / "audit" / "checkpoints.jsonl"

    assert noted(database, file) is None
    write(database, 2)
    assert [noted(database, file), noted(database, file)] == [2, None]
    write(database, 1)
    assert noted(database, file) == 3
    assert [one.number for one in read_checkpoints(file)] == [2, 3]
    assert broken(database, file) is None


def test_a_cut_tail_shows(database: Engine, tmp_path: Path) -> None:
    file = tmp_path / "checkpoints.jsonl"
    write(database, 4)
    noted(database, file)

    as_an_intruder(database, "DELETE FROM audit_entries WHERE number > 2")

    found = broken(database, file)
    assert found is not None and found.number == 3 and "2 entries" in found.why


def test_a_chain_that_was_written_anew_shows(database: Engine, tmp_path: Path) -> None:
    file = tmp_path / "checkpoints.jsonl"
    write(database, 4)
    noted(database, file)

    as_an_intruder(database, "DELETE FROM audit_entries")
    write(database, 5, actor="somebody-else")

    found = broken(database, file)
    assert found is not None and "written anew" in found.why


def test_a_torn_last_line_is_no_checkpoint_and_a_torn_other_line_is_told(tmp_path: Path) -> None:
    file = tmp_path / "checkpoints.jsonl"
    whole = f'{{"at": "{(NOON + timedelta(1)).isoformat()}", "number": 2, "hash": "ab"}}\n'
    file.write_text(whole + '{"at": "20')
    assert [one.number for one in read_checkpoints(file)] == [2]

    file.write_text('{"at": "20\n' + whole)
    with pytest.raises(BadCheckpoints, match="line 1"):
        read_checkpoints(file)
