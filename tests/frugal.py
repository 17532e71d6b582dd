"""What saves the tests a fifth of their time without changing what they see."""

import gc

import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache


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


def pytest_collection_finish(session: pytest.Session) -> None:
    """Thousands of collected tests and imported modules live to the end: the garbage collector
    need not walk through them again and again."""
    gc.collect()
    gc.freeze()
