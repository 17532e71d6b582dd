"""What saves the tests a fifth of their time without changing what they see."""

import gc
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import event
from sqlalchemy.pool import Pool
from werkzeug.routing import Rule
from xdist.scheduler import LoadFileScheduling


class _Compiled(BytecodeCache):
    """Templates are compiled once for all applications of this process, not once for each."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _Compiled()}


# Each test has an application of its own, with the same hundreds of addresses. werkzeug compiles
# two functions for each: they depend on nothing but this.
_builders: dict[object, Callable[..., tuple[str, str]]] = {}
_compile_builder = Rule._compile_builder


def _compiled_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    given = tuple(sorted((rule.defaults or {}).items()))
    key = (rule.rule, tuple(rule._trace), given, append_unknown)
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


Rule._compile_builder = _compiled_once  # type: ignore[assignment, method-assign]


# A test's database need not survive a power loss, and waiting for the disk is half of a commit.
_careless = True


@event.listens_for(Pool, "checkout")
def _wait_for_no_disk(connection: Any, record: Any, proxy: Any) -> None:
    if _careless and isinstance(connection, sqlite3.Connection) and not record.info:
        connection.execute("PRAGMA synchronous=OFF").close()
        record.info["careless"] = True


@pytest.fixture
def careful_commits() -> Iterator[None]:
    """Databases of this test wait for the disk, as those of an installation do."""
    global _careless
    _careless = False
    yield
    _careless = True


# `make check` has a minute: it tries the parts. Whole pages, commands and servers are left to
# `make test`, but for who may see what, and what the settings mean.
WHOLE = (
    "tests/api/",
    "tests/console/",
    "tests/citizens/",
    "tests/webhooks/",
    "tests/hotline/",
    "tests/accounts/test_user_command.py",
    "tests/ivr/test_agi_calls.py",
    "tests/ivr/test_agi_server.py",
    "tests/notifications/test_sending.py",
    "tests/provinces/test_no_province_in_code.py",
    "tests/reports/test_inbound.py",
    "tests/reports/test_service_figures.py",
    "tests/speech/test_service.py",
    "tests/speech/test_service_whole.py",
)
CHECKED = (
    "tests/api/test_openapi.py",
    "tests/api/test_problems.py",
    "tests/console/test_permissions.py",
    "tests/console/test_small_parts.py",
    "tests/console/test_wording.py",
    "tests/hotline/test_handlers.py",
    "tests/hotline/test_periodic.py",
    "tests/hotline/test_settings.py",
)
# What takes longest comes first: nobody waits for it at the end.
LONGEST_FIRST = (
    "tests/whole/test_calls.py",
    "tests/whole/test_deaths.py",
    "tests/asterisk/test_transcripts_live.py",
    "tests/whole/",
    "tests/console/",
)
# One browser at a time, and one hotline for those that share it; any other file is by itself.
TOGETHER = {
    "tests/console/": "browser",
    "tests/whole/test_calls.py": "running hotline",
    "tests/whole/test_deaths.py": "running hotline",
}


@pytest.hookimpl(tryfirst=True)  # before anything is left out by its marker
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest first; a file's own order stays."""
    for item in items:
        if item.nodeid.startswith(WHOLE) and not item.nodeid.startswith(CHECKED):
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: (_rank(item), _group(item.nodeid)))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    """`--dist loadfile`, with some files in one worker."""
    return _FilesTogether(config, log) if config.getoption("dist") == "loadfile" else None


class _FilesTogether(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
    def _split_scope(self, nodeid: str) -> str:
        return _group(nodeid)


def _group(nodeid: str) -> str:
    file = nodeid.partition("::")[0]
    return next((name for of, name in TOGETHER.items() if file.startswith(of)), file)


def _rank(item: pytest.Item) -> int:
    long = (at for at, file in enumerate(LONGEST_FIRST) if item.nodeid.startswith(file))
    return next(long, len(LONGEST_FIRST))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Thousands of collected tests and imported modules live to the end: the garbage collector
    need not walk through them again and again."""
    gc.collect()
    gc.freeze()
