"""What costs a thousand tests much and proves nothing a thousand times."""

from __future__ import annotations

import gc
import time
from functools import lru_cache
from types import SimpleNamespace

from argon2 import PasswordHasher
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from serial.urlhandler import protocol_socket
from sqlalchemy import event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

import county.accounts
import devices.card.people
import kiosk.sign_in

OF_THE_PROGRAM = (county.accounts.HASHER, kiosk.sign_in._HASHER)
"""What a password costs where the program runs: looked at by attempt 30."""


class Compiled(BytecodeCache):
    """Templates compiled once a worker, not once for each application."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was compiled of this source before."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


def compile_rules_once() -> None:
    """An address is compiled once a worker; its builder depends on nothing but what it was made of."""
    compiled: dict[tuple[str, ...], object] = {}
    build = Rule._compile_builder

    def once(rule: Rule, append_unknown: bool = True) -> object:  # noqa: FBT001,FBT002  as the method it stands for
        key = (rule.rule, str(rule.subdomain), str(rule.host), str(append_unknown), repr(rule.defaults))
        if key not in compiled:
            compiled[key] = build(rule, append_unknown)
        return compiled[key]

    Rule._compile_builder = once


def compile_statements_once() -> None:
    """A statement is compiled once a worker, not once for each database; all engines of ours have the same options."""
    compiled: LRUCache[object, object] = LRUCache(3000)
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        dialect.__eq__ = lambda one, other: type(one) is type(other)
        dialect.__hash__ = lambda one: hash(type(one))

    @event.listens_for(Engine, "engine_connect")
    def share(connection: object) -> None:
        connection.engine._compiled_cache = compiled


def read_people_once() -> None:
    """The town's people are the same lines in every hall."""
    read = devices.card.people._holder
    kept = lru_cache(maxsize=3000)(lambda line: read(line, ""))

    def once(line: str, where: str) -> object:
        try:
            return kept(line)
        except ValueError:
            return read(line, where)

    devices.card.people._holder = once


def hang_up_at_once() -> None:
    """pyserial waits 0.3 s after it has closed a socket, for servers slow to see it; the simulated ones are not."""
    protocol_socket.time = SimpleNamespace(**vars(time) | {"sleep": lambda _seconds: None})


def make_cheaper() -> None:
    """What stays compiled or read stays so in this process and passwords cost little; in others nothing changes."""
    Flask.jinja_options = {"bytecode_cache": Compiled()}
    compile_rules_once()
    compile_statements_once()
    county.accounts.HASHER = kiosk.sign_in._HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    read_people_once()
    hang_up_at_once()
    gc.set_threshold(20_000, 20, 20)
