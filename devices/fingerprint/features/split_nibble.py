"""Sensors of 中正 and 维尔 that speak split-nibble frames; reference/serial-devices.md §2.2.

They hand out features and templates; nothing in the protocol compares, loads or deletes. A reply does not say which
command it answers, so every doubtful line is brought to quiet and probed with the descriptor before it is believed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

from devices.conversation import Conversation
from devices.device import Clock, DeviceError, DeviceFault, DeviceGarbled, DeviceSilent, utc_now
from devices.fingerprint import Hint, TemplateRefused
from devices.fingerprint.features import split_nibble_frames as frames
from devices.fingerprint.features.address import FeatureAddress, FeaturePatience
from devices.fingerprint.features.dialect import Captured, Feature, NobodyPressed, Occupied, Unusable
from devices.fingerprint.features.reader import FeatureReader
from devices.fingerprint.features.split_nibble_frames import Command, Reply, ReplyParser
from devices.fingerprint.features.vendor_match import FeatureMatcher, VendorLibrary
from devices.port import SerialPort
from devices.tap import NO_TAP, Tap

NAME = "split-nibble"
PATIENCE = FeaturePatience()
_FEATURES = {256: Command.FEATURE_256, 128: Command.FEATURE_128}
_TEMPLATE_SIZES = range(64, frames.LARGEST_CONTENT + 1)


class SplitNibbleDialect:
    """A :class:`devices.fingerprint.features.dialect.Dialect`."""

    def __init__(self, address: FeatureAddress, patience: FeaturePatience, tap: Tap) -> None:
        self.format = address.format
        self.line = Conversation[Reply](SerialPort(address.url, address.baud, tap), ReplyParser(), patience.quiet)
        self._patience = patience
        self._feature = address.feature

    def greet(self, abort: threading.Event) -> Mapping[str, str]:
        """The descriptor (09), in the vendor's own words."""
        try:
            said = self._descriptor(abort)
        except (DeviceSilent, DeviceGarbled):
            if not self.line.is_open:
                raise
            self.line.hush(1.0, abort)
            said = self._descriptor(abort)
        return {"model": said}

    def probe(self, abort: threading.Event) -> None:
        """The descriptor again."""
        self._descriptor(abort)

    def resync(self, abort: threading.Event) -> None:
        """Reset to idle (04, its own answer is ignored), quiet, descriptor.

        Two sources disagree on the last byte of the reset: the frame whose check is right goes first, the other one to
        a sensor that does not answer after it.
        """
        self._reset(frames.encode(Command.RESET), abort)
        try:
            self._descriptor(abort)
        except DeviceError:
            if not self.line.is_open:
                raise
            self._reset(frames.RESET_AS_SEEN, abort)
            self._descriptor(abort)

    def capture(self, seconds: float, abort: threading.Event) -> Captured:
        """One feature (0C or 1C)."""
        command = _FEATURES[self._feature]
        wait = min(seconds, self._patience.capture)
        return self._take(command, wait, abort, lambda content: len(content) == self._feature)

    def enrol(self, seconds: float, abort: threading.Event) -> Captured:
        """One template (0B); the sensor asks for three presses itself."""
        wait = min(seconds, self._patience.enrol)
        return self._take(Command.TEMPLATE, wait, abort, lambda content: len(content) in _TEMPLATE_SIZES)

    def unfold(self, enrolled: bytes) -> bytes:
        """The template as bytes; one source keeps features as they came over the line, two characters a byte."""
        folded = frames.join(enrolled)
        content = enrolled if folded is None else folded
        if len(content) not in _TEMPLATE_SIZES:
            raise TemplateRefused(f"template of {len(enrolled)} bytes")
        return content

    def _take(
        self, command: Command, seconds: float, abort: threading.Event, fits: Callable[[bytes], bool]
    ) -> Captured:
        reply = self._ask(command, seconds + self._patience.transfer, abort)
        match reply.status:
            case frames.DONE:
                if not fits(reply.content):
                    raise DeviceGarbled(f"{command.name} answered {len(reply.content)} bytes")
                return Feature(reply.content)
            case frames.PRESSED_BADLY:
                return Unusable(Hint.UNCLEAR)
            case (
                frames.FAILED
            ):  # no source says whether nobody pressed or the sensor is broken: ask on, to the deadline
                return NobodyPressed()
            case frames.BUSY:
                return Occupied()
            case _:
                raise DeviceFault(f"{command.name} answered {frames.meaning_of(reply.status)}")

    def _ask(self, command: Command, seconds: float, abort: threading.Event) -> Reply:
        """One command on a settled line; what comes next is its answer."""
        self.line.say(frames.encode(command))
        reply = self.line.hear(time.monotonic() + seconds, abort)
        self.line.stale = False
        return reply

    def _descriptor(self, abort: threading.Event) -> str:
        """What the sensor says of itself. Answers of earlier commands are passed over; a busy sensor is asked again."""
        latest = time.monotonic() + self._patience.probe
        self.line.say(frames.encode(Command.DESCRIPTOR))
        while True:
            reply = self.line.hear(latest, abort)
            said = _text(reply)
            if said:
                self.line.stale = False
                return said
            if reply.status == frames.BUSY:
                abort.wait(self._patience.poll)
                self.line.say(frames.encode(Command.DESCRIPTOR))

    def _reset(self, frame: bytes, abort: threading.Event) -> None:
        self.line.say(frame)
        self.line.hush(1.0, abort)


def _text(reply: Reply) -> str:
    """The words of a descriptor; "" when the reply cannot be one (a late feature, a refusal)."""
    if not reply.done:
        return ""
    words = reply.content.rstrip(b"\x00").decode("gb18030", "replace").strip()
    return words if words.isprintable() and "\ufffd" not in words else ""


def open_split_nibble(
    address: FeatureAddress, name: str = NAME, clock: Clock = utc_now, patience: FeaturePatience = PATIENCE,
    tap: Tap = NO_TAP, *, matcher: FeatureMatcher | None = None,
) -> FeatureReader:  # fmt: skip
    """The reader behind a line ``split-nibble:``; ``matcher`` in the place of the library that the line names."""
    if matcher is None and address.library:
        matcher = VendorLibrary(address.library, address.level)
    return FeatureReader(SplitNibbleDialect(address, patience, tap), matcher, name, patience, clock)
