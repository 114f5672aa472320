"""``run.py kiosk`` with an ear for the tests: what of somebody is still alive in this process, and time that passes.

    OBSERVER=127.0.0.1:PORT python -m tests.residue.observed_kiosk FILE.toml

Orders are lines of JSON: {"alive": [hex, …]} is answered by where such bytes or text are held, {"later": seconds} moves
the clock, {"looks": "code"} tells whether what is shown next is taken, {"desk": true} names the desk's state.
"""

from __future__ import annotations

import gc
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from kiosk.identity import Credential
from kiosk.logs import start_logging
from kiosk.machine import Machine
from kiosk.memory import keep_little
from kiosk.serve import serve

CHARSETS = ("utf-8", "gb18030", "utf-16-le")
AT_ONCE = 1000
CONTAINERS = (dict, tuple, list, set, frozenset)


def forms_of(text: str) -> list[bytes]:
    """A text as it may lie in memory or in a file."""
    return list(dict.fromkeys([text.encode(charset) for charset in CHARSETS] + [json.dumps(text)[1:-1].encode()]))


def holds(thing: object, words: list[str], forms: list[bytes]) -> bool:
    """Whether a text or bytes hold one of the marks."""
    if type(thing) is str:
        return any(word in thing for word in words)
    if isinstance(thing, bytes | bytearray):
        return any(form in thing for form in forms)
    return False


def texts_in(everything: list[object]) -> Iterator[object]:
    """Every text and all bytes that live objects refer to, through plain containers the collector does not follow."""
    level = gc.get_referents(*everything)
    while level:
        yield from (one for one in level if type(one) in (str, bytes, bytearray))
        level = gc.get_referents(*[one for one in level if type(one) in CONTAINERS and not gc.is_tracked(one)])


def suspicious(texts: list[object], words: list[str], forms: list[bytes]) -> Iterator[list[object]]:
    """The parts of a long list that may hold a mark: each is looked through as one text."""
    for start in range(0, len(texts), AT_ONCE):
        part = texts[start : start + AT_ONCE]
        whole = "\0".join(text for text in part if type(text) is str)
        content = b"\0".join(text for text in part if isinstance(text, bytes | bytearray))
        if holds(whole, words, forms) or holds(content, words, forms):
            yield part


def alive(marks: list[str]) -> list[str]:
    """Which live objects hold a mark: the type of each holder, and what else it is. Our own lists apart."""
    forms = [form for mark in marks for form in forms_of(mark)]
    ours = {id(thing) for thing in (marks, forms, *marks, *forms)}
    gc.unfreeze()
    gc.collect()
    texts = [text for text in texts_in(gc.get_objects()) if id(text) not in ours]
    hits = [text for part in suspicious(texts, marks, forms) for text in part if holds(text, marks, forms)]
    ours |= {id(texts)}
    ours.add(id(hits))
    holders = [one for one in gc.get_referrers(*hits) if id(one) not in ours and not isinstance(one, FrameType)]
    return [f"{type(one).__module__}.{type(one).__qualname__} {repr(one)[:120]}" for one in holders] or list(
        map(str, hits)
    )


def obey(machine: Machine, order: dict[str, object]) -> object:
    """The answer to one order."""
    match order:
        case {"alive": list(hidden)}:
            return alive([bytes.fromhex(str(mark)).decode() for mark in hidden])
        case {"later": int(seconds) | float(seconds)}:
            passed = machine.clock.monotonic() - time.monotonic() + seconds
            machine.desk.monotonic = machine.clock.monotonic = lambda: time.monotonic() + passed
        case {"looks": str(shown)}:
            return machine.reception.credentials.looks(Credential(shown))
    return machine.desk.state.name


def listen(machine: Machine) -> None:
    """Obey until the test hangs up."""
    host, port = os.environ["OBSERVER"].rsplit(":", 1)
    with socket.create_connection((host, int(port))) as line, line.makefile("rw", encoding="utf-8") as said:
        for order in said:
            said.write(json.dumps(obey(machine, json.loads(order))) + "\n")
            said.flush()


def observed(machine: Machine) -> None:
    """The kiosk serves: from now on the test is heard."""
    threading.Thread(target=listen, args=(machine,), daemon=True, name="observer").start()


if __name__ == "__main__":
    start_logging()
    keep_little()
    serve([Path(name) for name in sys.argv[1:]], os.environ, observed)
