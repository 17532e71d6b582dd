"""Whoever publishes may die at any moment, and others publish at the same time."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from accounts.audit import verify
from ivr.prompt_editions import edition
from ivr.prompt_models import PromptEdition
from ivr.prompt_takes import sound_path
from storage.database import reading

LIVES = 4


@pytest.mark.slow
def test_every_edition_is_whole_though_publishers_are_killed(
    database: Engine, database_url: str, tmp_path: Path
) -> None:
    program = (sys.executable, "-m", "tests.ivr.publishing_process")

    subprocess.run(
        [*program, database_url, str(tmp_path), "vi", str(LIVES)], check=True, timeout=100
    )

    with reading(database) as session:
        rows = session.scalars(select(PromptEdition).order_by(PromptEdition.number)).all()
        assert [row.number for row in rows] == list(range(1, len(rows) + 1)) and len(
            rows
        ) >= LIVES // 2
        for row in rows:
            takes = edition(session, "vi", row.number).takes
            assert {take.name for take in takes} == {"question", "choices"}
            # Both of one recording: never one of an edition and one of the next.
            assert len({take.taken_at for take in takes}) == 1
            for take in takes:
                content = sound_path(tmp_path, take.id).read_bytes()
                assert hashlib.sha256(content).hexdigest() == take.sha256
        assert verify(session).broken is None
