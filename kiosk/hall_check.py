"""The self-test of a running kiosk (`run.py hall-check`): its faces serve, its devices are ready."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from kiosk.settings import FacesSection

ASK_SECONDS = 5.0
LOOK_SECONDS = 0.5
NOT_THERE = "none"


@dataclass(frozen=True)
class HallCheck:
    """What was found. ``lines``: for a terminal; ``ready``: kinds of device that are ready."""

    lines: tuple[str, ...]
    passed: bool
    ready: frozenset[str] = frozenset()


def checked(faces: FacesSection, needs: frozenset[str], seconds: float) -> HallCheck:
    """Look until all is well, at most so many seconds. ``needs``: kinds of device that have to be ready."""
    until = time.monotonic() + seconds
    found = look(faces, needs)
    while not found.passed and time.monotonic() < until:
        time.sleep(LOOK_SECONDS)
        found = look(faces, needs)
    return found


def look(faces: FacesSection, needs: frozenset[str]) -> HallCheck:
    """Look once: every face has to serve, every device of ``needs`` to be ready; the county may be cut off."""
    answers = {name: health(address) for name, address in _named(faces)}
    told = answers["resident"]
    devices: dict[str, Any] = told.get("devices", {})
    states = {kind: str(device["state"]) for kind, device in devices.items() if device["state"] != NOT_THERE}
    ready = frozenset(kind for kind, state in states.items() if state == "ready")
    lines = [f"{name}: {'serves' if answer else 'DOES NOT SERVE'}" for name, answer in answers.items()]
    lines += [f"{kind}: {state}{' (was ready)' if kind in needs - ready else ''}" for kind, state in states.items()]
    lines += [f"{kind}: gone (was ready)" for kind in sorted(needs - set(states))]
    reachable = bool(told.get("county", {}).get("reachable"))
    lines.append(f"county: {'reachable' if reachable else 'not reached (no reason to go back)'}")
    return HallCheck(tuple(lines), all(answers.values()) and needs <= ready, ready)


def _named(faces: FacesSection) -> tuple[tuple[str, str], ...]:
    return ("resident", faces.resident), ("staff", faces.staff), ("display", faces.display)


def health(address: str) -> dict[str, Any]:
    """What ``GET /health`` says; empty where the face does not serve."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://{address}/health", timeout=ASK_SECONDS) as answer:
            told: dict[str, Any] = json.load(answer)
            return told
    except (OSError, ValueError):
        return {}
