"""A machine without PC/SC: the reader is missing, and says why. Each case in a Python of its own."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ATTEND = f"""
import sys, threading
sys.path.insert(0, {str(ROOT)!r})
from devices.card import CardGone, Insertion
from devices.card.pcsc import PcscReader
from devices.device import DeviceMissing, HealthBoard, utc_now
reader = PcscReader(None, HealthBoard("card", utc_now), print)
try:
    reader.attend(threading.Event())
except DeviceMissing as error:
    print(error)
try:
    with reader.connect(Insertion("none", b"", 1)):
        pass
except CardGone as error:
    print(error)
reader.close()
"""


def attended(*flags: str, **environment: str) -> list[str]:
    command = [sys.executable, *flags, "-c", ATTEND]
    ended = subprocess.run(  # noqa: S603 - our own words
        command, env=os.environ | environment, capture_output=True, text=True, check=True, timeout=30
    )
    return ended.stdout.splitlines()


def test_without_pyscard_the_reader_is_missing():
    assert attended("-S", "-E") == ["pyscard not installed", "this insertion is over"]


@pytest.mark.skipif(importlib.util.find_spec("smartcard") is None, reason="pyscard is not installed")
def test_without_the_service_the_reader_is_missing(tmp_path):
    missing, over = attended(PCSCLITE_CSOCK_NAME=str(tmp_path / "nobody"))
    assert missing.startswith("no PC/SC service")
    assert over == "this insertion is over"
