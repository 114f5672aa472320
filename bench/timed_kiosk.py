"""A kiosk that also writes down when the reader reported each card, and when its reading was complete.

One JSON line a card into the file named last, in seconds of the wall clock, to be compared with what a browser saw.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
import time
from pathlib import Path

from kiosk.assembly import build_machine
from kiosk.card_room import CardRoom
from kiosk.serve import Faces
from kiosk.settings import load_settings
from kiosk.states import ReadingCard, Serving, State


def main() -> None:
    """Serve until standard input closes."""
    *files, told = [Path(word) for word in sys.argv[1:]]
    machine = build_machine(load_settings(files, os.environ))
    faces = Faces(machine)
    began: queue.Queue[float] = queue.Queue()

    def changed(before: State, after: State) -> None:
        if isinstance(before, ReadingCard) and isinstance(after, Serving):
            began.put(time.monotonic())

    machine.desk.listen(changed)
    faces.start()
    threading.Thread(target=write_down, args=(machine.reception.cards, began, told), daemon=True).start()
    sys.stdin.read()
    faces.stop()


def write_down(cards: CardRoom, began: queue.Queue[float], told: Path) -> None:
    """Append a line for each card."""
    while True:
        serving = began.get()
        shift = time.time() - time.monotonic()
        reported, read = cards.last_reading
        line = json.dumps({"reported": reported + shift, "read": read + shift, "serving": serving + shift})
        with told.open("a") as stream:
            stream.write(line + "\n")


if __name__ == "__main__":
    main()
