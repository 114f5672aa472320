"""The hub as a process: build, listen, stop cleanly on SIGINT, SIGTERM, or when the program that started it ends."""

from __future__ import annotations

import _thread
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from types import FrameType
from typing import Any

import waitress

from county.app import PICTURE_LIMIT, create_app
from county.chores import Chores
from county.databases import THREADS
from county.hub import Hub, build_hub
from county.settings import load_settings

CONNECTIONS = 64
HEADER_BYTES = 16_384

_log = logging.getLogger(__name__)


def serve(files: Iterable[Path], *, as_child: bool = False) -> None:
    """Serve until told to stop; raises SettingsError before anything listens.

    ``as_child``: the starter holds a pipe to this process's standard input; when that closes, however the starter
    died, the hub stops too. The hub never reads anything from it.
    """
    hub = build_hub(load_settings(files, os.environ))
    server = server_of(hub)
    chores = Chores(hub.store, hub.clock)
    chores.start()
    signal.signal(signal.SIGTERM, _stop)
    if as_child:
        threading.Thread(target=_follow_starter, name="starter", daemon=True).start()
    _log.info("the county hub listens on %s", hub.settings.listen)
    try:
        server.run()
    except KeyboardInterrupt:
        _log.info("the county hub was asked to stop")
    finally:
        server.close()
        chores.stop()
        hub.close()


def server_of(hub: Hub) -> Any:
    """The server of one hub; raises OSError that names the address."""
    try:
        return waitress.create_server(
            create_app(hub), host=hub.settings.host, port=hub.settings.port, threads=THREADS,
            connection_limit=CONNECTIONS, max_request_body_size=PICTURE_LIMIT, max_request_header_size=HEADER_BYTES,
            channel_request_lookahead=1, ident="",
        )  # fmt: skip
    except OSError as error:
        raise OSError(f"hub.listen {hub.settings.listen}: {error.strerror or error}") from error


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _follow_starter() -> None:
    """Straight from the descriptor: a thread that waits in ``sys.stdin`` would hold its lock when the process ends."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    _thread.interrupt_main(signal.SIGTERM)
