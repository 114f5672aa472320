"""Sensors of 维尔 that speak its "ABC" dialect; reference/serial-devices.md §2.2, last paragraph.

Two questions are known, and of the answers only the good ones: a version, and a feature. Whatever else a sensor answers
to the question for a feature is taken as "no finger yet". Frames carry no check that any source explains.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping

from devices.conversation import Conversation
from devices.device import Clock, DeviceGarbled, DeviceSilent, utc_now
from devices.fingerprint import NotOffered, TemplateRefused
from devices.fingerprint.features import wel_abc_frames as frames
from devices.fingerprint.features.address import FeatureAddress, FeaturePatience
from devices.fingerprint.features.dialect import Captured, Feature, NobodyPressed
from devices.fingerprint.features.reader import FeatureReader
from devices.fingerprint.features.vendor_match import FeatureMatcher, VendorLibrary
from devices.fingerprint.features.wel_abc_frames import ReplyParser
from devices.port import SerialPort
from devices.tap import NO_TAP, Tap

NAME = "wel-abc"
PATIENCE = FeaturePatience()
_TEMPLATE_SIZES = range(64, 1025)


class WelAbcDialect:
    """A :class:`devices.fingerprint.features.dialect.Dialect`."""

    def __init__(self, address: FeatureAddress, patience: FeaturePatience, tap: Tap) -> None:
        self.format = address.format
        self.line = Conversation[bytes](SerialPort(address.url, address.baud, tap), ReplyParser(), patience.quiet)
        self._patience = patience

    def greet(self, abort: threading.Event) -> Mapping[str, str]:
        """The version (1A 56), whose words must name the dialect."""
        try:
            said = self._version(self._patience.probe, abort)
        except (DeviceSilent, DeviceGarbled):
            if not self.line.is_open:
                raise
            self.line.hush(1.0, abort)
            said = self._version(self._patience.probe, abort)
        return {"firmware": said}

    def probe(self, abort: threading.Event) -> None:
        """The version again."""
        self._version(self._patience.probe, abort)

    def resync(self, abort: threading.Event) -> None:
        """Quiet, then the version, waiting as long as a capture may still take."""
        self.line.hush(1.0, abort)
        self._version(self._patience.capture, abort)

    def capture(self, seconds: float, abort: threading.Event) -> Captured:
        """One feature of 256 bytes."""
        wait = min(seconds, self._patience.capture) + self._patience.transfer
        self.line.say(frames.FEATURE_QUESTION)
        feature = frames.read_feature(self.line.hear(time.monotonic() + wait, abort))
        self.line.stale = False
        return NobodyPressed() if feature is None else Feature(feature)

    def enrol(self, seconds: float, abort: threading.Event) -> Captured:
        """No source shows the question for a template."""
        del seconds, abort
        raise NotOffered(f"{NAME}: enrolment")

    def unfold(self, enrolled: bytes) -> bytes:
        """As the county keeps it."""
        if len(enrolled) not in _TEMPLATE_SIZES:
            raise TemplateRefused(f"template of {len(enrolled)} bytes")
        return enrolled

    def _version(self, seconds: float, abort: threading.Event) -> str:
        """The words of the version; after the end of something else, and after words of no known dialect, once more."""
        latest = time.monotonic() + seconds
        self.line.say(frames.VERSION_QUESTION)
        while not frames.speaks_abc(said := self.line.hear(latest, abort)):
            if time.monotonic() >= latest:
                raise DeviceGarbled(f"{self.line.port.url}: no version that names the dialect")
            abort.wait(self._patience.poll)
            self.line.say(frames.VERSION_QUESTION)
        self.line.stale = False
        return said.decode("ascii").strip()


def open_wel_abc(
    address: FeatureAddress, name: str = NAME, clock: Clock = utc_now, patience: FeaturePatience = PATIENCE,
    tap: Tap = NO_TAP, *, matcher: FeatureMatcher | None = None,
) -> FeatureReader:  # fmt: skip
    """The reader behind a line ``wel-abc:``; ``matcher`` in the place of the library that the line names."""
    if matcher is None and address.library:
        matcher = VendorLibrary(address.library, address.level)
    return FeatureReader(WelAbcDialect(address, patience, tap), matcher, name, patience, clock)
