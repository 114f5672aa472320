"""Modules of 天诚盛业 that speak ``7E 42`` frames; reference/serial-devices.md §2.3.

They hand out features; the commands known neither enrol nor compare with a template of ours. Nothing known ends a
capture early: after a cancelled try the module is asked for its version until it answers that and nothing else.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping

from devices.conversation import Conversation
from devices.device import Clock, DeviceError, DeviceFault, DeviceGarbled, DeviceSilent, utc_now
from devices.fingerprint import Hint, NotOffered, TemplateRefused
from devices.fingerprint.features import frame7e42_frames as frames
from devices.fingerprint.features.address import FeatureAddress, FeaturePatience
from devices.fingerprint.features.dialect import Captured, Feature, NobodyPressed, Occupied, Unusable
from devices.fingerprint.features.frame7e42_frames import Command, Reply, ReplyParser
from devices.fingerprint.features.reader import FeatureReader
from devices.fingerprint.features.vendor_match import FeatureMatcher, VendorLibrary
from devices.port import SerialPort
from devices.tap import NO_TAP, Tap

NAME = "7e42"
PATIENCE = FeaturePatience()
BAUD_AFTER_POWER_ON = 9600
FAST = 115200
_TEMPLATE_SIZES = range(64, frames.LARGEST_CONTENT + 1)
_VERSION = frames.encode(Command.VERSION, frames.VERSION_DATA)


class Frame7E42Dialect:
    """A :class:`devices.fingerprint.features.dialect.Dialect`."""

    def __init__(self, address: FeatureAddress, patience: FeaturePatience, tap: Tap) -> None:
        self.format = address.format
        self.line = Conversation[Reply](SerialPort(address.url, address.baud, tap), ReplyParser(), patience.quiet)
        self._patience = patience
        self._baud = address.baud

    def greet(self, abort: threading.Event) -> Mapping[str, str]:
        """The version (61). A module that powers up at 9600 is brought to 115200 where the line asks for that."""
        try:
            said = self._version(self._patience.probe, abort)
        except (DeviceSilent, DeviceGarbled):
            if not self.line.is_open:
                raise
            self.line.hush(1.0, abort)
            said = self._faster(abort) if self._baud == FAST else self._version(self._patience.probe, abort)
        return {"firmware": said}

    def probe(self, abort: threading.Event) -> None:
        """The version again."""
        self._version(self._patience.probe, abort)

    def resync(self, abort: threading.Event) -> None:
        """Quiet, then the version, waiting as long as a capture may still take."""
        self.line.hush(1.0, abort)
        self._version(self._patience.capture, abort)

    def capture(self, seconds: float, abort: threading.Event) -> Captured:
        """One feature (64 with 02: not compared with the module's own library)."""
        wait = min(seconds, self._patience.capture) + self._patience.transfer
        self.line.say(frames.encode(Command.FEATURE, frames.FEATURE_DATA))
        reply = self._hear(Command.FEATURE, time.monotonic() + wait, abort)
        match reply.status:
            case frames.DONE:
                return Feature(frames.read_feature(reply.content))
            case frames.TIME_OUT:
                return NobodyPressed()
            case frames.PRESSED_BADLY:
                return Unusable(Hint.UNCLEAR)
            case frames.LIFT:
                return Unusable(Hint.LIFT)
            case frames.BUSY:
                return Occupied()
            case frames.CHECK_ERROR:
                raise DeviceGarbled(frames.meaning_of(reply.status))
            case _:
                raise DeviceFault(f"FEATURE answered {frames.meaning_of(reply.status)}")

    def enrol(self, seconds: float, abort: threading.Event) -> Captured:
        """No source names a command that enrols."""
        del seconds, abort
        raise NotOffered(f"{NAME}: enrolment")

    def unfold(self, enrolled: bytes) -> bytes:
        """As the county keeps it."""
        if len(enrolled) not in _TEMPLATE_SIZES:
            raise TemplateRefused(f"template of {len(enrolled)} bytes")
        return enrolled

    def _hear(self, command: Command, latest: float, abort: threading.Event) -> Reply:
        """The answer to ``command``; answers of earlier ones are passed over."""
        reply = self.line.hear(latest, abort)
        while reply.command != command:
            reply = self.line.hear(latest, abort)
        self.line.stale = False
        return reply

    def _version(self, seconds: float, abort: threading.Event) -> str:
        """What the module says of itself; a busy one, and one that was ending something else, is asked again."""
        latest = time.monotonic() + seconds
        self.line.say(_VERSION)
        while True:
            reply = self.line.hear(latest, abort)
            if reply.command == Command.VERSION and reply.done:
                self.line.stale = False
                return reply.content.rstrip(b"\x00").decode("gb18030", "replace").strip()
            if reply.command == Command.VERSION and reply.status != frames.BUSY:
                raise DeviceFault(f"VERSION answered {frames.meaning_of(reply.status)}")
            abort.wait(self._patience.poll)
            self.line.say(_VERSION)

    def _faster(self, abort: threading.Event) -> str:
        """Find the module at the rate of its power-on, tell it the fast one (62), go there."""
        try:
            self._reopen(BAUD_AFTER_POWER_ON)
            self._version(self._patience.probe, abort)
            self.line.say(frames.encode(Command.SET_BAUD, frames.BAUD_115200_DATA))
            reply = self._hear(Command.SET_BAUD, time.monotonic() + self._patience.probe, abort)
            if not reply.done:
                raise DeviceFault(f"SET_BAUD answered {frames.meaning_of(reply.status)}")
        except DeviceError:
            self.line.close()
            raise
        finally:
            self.line.port.baud = self._baud
        self._reopen(self._baud)
        return self._version(self._patience.probe, abort)

    def _reopen(self, baud: int) -> None:
        self.line.close()
        self.line.port.baud = baud
        self.line.open()


def open_7e42(
    address: FeatureAddress, name: str = NAME, clock: Clock = utc_now, patience: FeaturePatience = PATIENCE,
    tap: Tap = NO_TAP, *, matcher: FeatureMatcher | None = None,
) -> FeatureReader:  # fmt: skip
    """The reader behind a line ``7e42:``; ``matcher`` in the place of the library that the line names."""
    if matcher is None and address.library:
        matcher = VendorLibrary(address.library, address.level)
    return FeatureReader(Frame7E42Dialect(address, patience, tap), matcher, name, patience, clock)
