"""What one EF01 sensor does for a hall, command by command, on a line kept in order; reference/serial-devices.md §1.

Every method raises DeviceErrors, and AbandonedError when its ``abort`` is set. Not safe for two threads at once.
"""

from __future__ import annotations

import threading
import time
from functools import partial

from devices.device import DeviceFault, DeviceGarbled, DeviceMissing, HealthBoard
from devices.fingerprint import LightState, NotOffered, Quality, TemplateRefused
from devices.fingerprint.ef01 import frames
from devices.fingerprint.ef01.address import Ef01Address, Patience
from devices.fingerprint.ef01.codes import RECEIVE_ERROR, UNKNOWN_HERE, VERIFY_FIRST, Command
from devices.fingerprint.ef01.frames import Acknowledgement, Comparison, refusal
from devices.fingerprint.ef01.greeting import Ef01Greeting
from devices.fingerprint.ef01.light import Ef01Light
from devices.fingerprint.ef01.line import TRIES, Ef01Line, NotReceivedError
from devices.fingerprint.ef01.picture import WIDTHS, quality_of
from devices.tap import Tap

USUAL_TEMPLATE_SIZE = 512
LARGEST_TEMPLATE = 4096
LIVE, ENROLLED = 1, 2


class Ef01Sensor:
    """One sensor. ``soiled``: its buffers may hold something of a finger, so every settled round overwrites them.

    They count as soiled at the start, too: this program may have ended in the middle of a try.
    """

    def __init__(self, address: Ef01Address, patience: Patience, board: HealthBoard, tap: Tap) -> None:
        self._address, self._patience, self.board = address, patience, board
        self._line = Ef01Line(address, patience, tap, board.counted)
        self._greeting = Ef01Greeting(self._line, address, patience, board)
        self._light = Ef01Light(self._greeting.offered)
        self._closed = False
        self._spoke = 0.0
        self.soiled, self._proven_clean = True, False
        self.template_size = USUAL_TEMPLATE_SIZE

    def close(self) -> None:
        """Give the port back for good; safe from any thread."""
        self._closed = True
        self._line.close()

    def want_light(self, state: LightState) -> None:
        """Note what the lamp should say; safe from any thread."""
        self._light.wanted = state

    def listen(self) -> None:
        """Hear what came unasked: notices a vanished port and a restarted sensor."""
        if self._line.is_open:
            self._line.drain()

    def settle(self, abort: threading.Event) -> None:
        """Bring the line into a state where the next answer belongs to the next command, and the buffers are clean."""
        if self._closed:
            raise DeviceMissing(f"{self._address.url}: closed")
        if not self._line.is_open:
            self._greeting.done = False
            self._line.open()
        if self._line.stale:
            self._line.resync(abort)
        if not self._greeting.done or self._line.restarted:
            self._greet(abort)
        if self.soiled:
            self.wipe(abort)
        self._light.show(abort)

    def give_sign_of_life(self, abort: threading.Event, *, overdue: bool) -> None:
        """A harmless command where the last one was long ago, or is ``overdue``; now and then a count of templates."""
        if overdue or time.monotonic() - self._spoke >= self._patience.heartbeat:
            self._greeting.touch(abort)
            self._spoke = time.monotonic()
        if self._address.verify and not self._proven_clean:
            self._prove_clean(abort)
        self._greeting.recount(abort)

    def _greet(self, abort: threading.Event) -> None:
        self._greeting.done = False
        self._light.restarted()
        self._greeting.greet(abort)
        self.template_size = self._address.template_size or self._learn_template_size(abort)
        self._greeting.introduce(abort)
        self._greeting.done = True
        self._spoke = time.monotonic()

    def _learn_template_size(self, abort: threading.Event) -> int:
        """The length of what buffer 2 holds after power-on; 512 where the sensor will not upload an empty buffer.

        Asked twice: a packet lost in noise would make it shorter.
        """
        once, again = (self._line.persist(lambda: self._upload(None, abort), abort) for _ in range(2))
        if len(once or b"") != len(again or b""):
            raise DeviceGarbled(f"template size {len(once or b'')} and then {len(again or b'')}")
        return len(once) if once else USUAL_TEMPLATE_SIZE

    def accept(self, content: bytes) -> None:
        """TemplateRefused where the sensor takes no template of this length."""
        if len(content) != self.template_size:
            raise TemplateRefused(f"template of {len(content)} bytes, sensor takes {self.template_size}")

    def capture(self, abort: threading.Event) -> Acknowledgement:
        """Take a picture into the sensor's image buffer; the answer says what came of it."""
        self._light.show(abort)
        return self._insist(Command.GET_IMAGE, b"", abort)

    def extract(self, buffer: int, abort: threading.Event) -> Acknowledgement:
        """Turn the picture into a feature in a buffer; the answer says what came of it."""
        return self._insist(Command.EXTRACT, bytes([buffer]), abort)

    def compare(self, content: bytes, abort: threading.Event) -> Comparison:
        """Load a template into buffer 2, read it back, match it with buffer 1.

        A lost verdict is asked for once more, after the template was read back again: both buffers live in the same
        RAM, so what still holds the one still holds the other.
        """
        self._place(content, abort)
        lost = False

        def match() -> Comparison:
            nonlocal lost
            if lost and not self._holds(content, abort):
                raise DeviceFault("the sensor forgot the template over its verdict")
            lost = True
            return self.match(abort)

        return self._line.persist(match, abort)

    def match(self, abort: threading.Event) -> Comparison:
        """The sensor's verdict on its two buffers. Any code that is no verdict is a fault, never "different"."""
        answer = self._ask(Command.MATCH, b"", abort)
        comparison = frames.read_comparison(answer)
        if comparison is None:
            raise DeviceFault(refusal(Command.MATCH, answer))
        self.board.counted("fingers compared")
        return comparison

    def merge(self, abort: threading.Event) -> Acknowledgement:
        """Make one template of the features in buffers 1 and 2; the answer says what came of it."""
        return self._insist(Command.MERGE, b"", abort)

    def template(self, abort: threading.Event) -> bytes:
        """The template that buffer 2 holds."""
        content = self._line.persist(lambda: self._upload(self.template_size, abort), abort)
        if content is None or len(content) != self.template_size:
            raise DeviceFault(f"the sensor gave a template of {len(content or b'')} bytes")
        return content

    def measure(self, abort: threading.Event) -> Quality:
        """What the picture in the image buffer is worth. Its pixels are zeroed here before this returns."""
        return self._line.persist(lambda: self._measure(abort), abort)

    def _measure(self, abort: threading.Event) -> Quality:
        answer = self._line.ask(Command.UPLOAD_PICTURE, b"", abort)
        if answer.code in UNKNOWN_HERE:
            raise NotOffered(refusal(Command.UPLOAD_PICTURE, answer))
        if not answer.done:
            raise DeviceFault(refusal(Command.UPLOAD_PICTURE, answer))
        picture = self._line.receive_content(None, abort, max(WIDTHS), WIDTHS)
        try:
            return quality_of(picture)
        finally:
            picture[:] = bytes(len(picture))

    def wipe(self, abort: threading.Event) -> None:
        """Overwrite both buffers with a neutral pattern."""
        for buffer in (LIVE, ENROLLED):
            self._line.persist(partial(self._load, buffer, self._neutral, abort), abort)
        self._greeting.touch(abort)  # answered once both have arrived
        self.soiled, self._proven_clean = False, False
        self._spoke = time.monotonic()

    @property
    def _neutral(self) -> bytes:
        return b"\x03\x01" + bytes(37 * i & 0xFF for i in range(self.template_size - 2))

    def _prove_clean(self, abort: threading.Event) -> None:
        """Read back what was overwritten: noise may have kept it from arriving, and nobody waits for it now."""
        for buffer in (LIVE, ENROLLED):
            left = self._line.persist(partial(self._upload, self.template_size, abort, buffer), abort)
            if left not in (None, self._neutral):
                self.soiled = True
                raise DeviceGarbled(f"buffer {buffer} was not overwritten")
        self._proven_clean = True

    def _place(self, content: bytes, abort: threading.Event) -> None:
        """Load a template and see that it arrived: no packet of a download is ever acknowledged (§1.6)."""
        for _ in range(TRIES):
            self._line.persist(partial(self._load, ENROLLED, content, abort), abort)
            if self._line.persist(partial(self._holds, content, abort), abort):
                return
        raise DeviceGarbled("the template read back from the sensor is not the one sent")

    def _holds(self, content: bytes, abort: threading.Event) -> bool:
        """Whether buffer 2 holds what was loaded; taken for granted where ``verify`` is off."""
        return not self._address.verify or self._upload(len(content), abort) == content

    def _load(self, buffer: int, content: bytes, abort: threading.Event) -> None:
        answer = self._ask(Command.DOWNLOAD, bytes([buffer]), abort)
        if not answer.done:
            raise DeviceFault(refusal(Command.DOWNLOAD, answer))
        self._line.send_content(content, self._greeting.parameters.packet_size, abort)

    def _upload(self, expected: int | None, abort: threading.Event, buffer: int = ENROLLED) -> bytes | None:
        """What a buffer holds; None when the sensor refuses to tell."""
        answer = self._ask(Command.UPLOAD, bytes([buffer]), abort)
        return bytes(self._line.receive_content(expected, abort, LARGEST_TEMPLATE)) if answer.done else None

    def _insist(
        self, command: Command, arguments: bytes, abort: threading.Event, seconds: float = 0.0
    ) -> Acknowledgement:
        """Ask what may be asked again: it gives the same answer, or takes the finger that lies there once more."""
        return self._line.persist(partial(self._ask, command, arguments, abort, seconds), abort)

    def _ask(self, command: Command, arguments: bytes, abort: threading.Event, seconds: float = 0.0) -> Acknowledgement:
        """One command to a sensor that must not have restarted or forgotten us meanwhile."""
        answer = self._line.ask(command, arguments, abort, seconds)
        if self._line.restarted or answer.code == VERIFY_FIRST:
            self._greeting.done = False
            raise DeviceFault(f"the sensor restarted: {refusal(command, answer)}")
        if answer.code == RECEIVE_ERROR:
            raise NotReceivedError(refusal(command, answer))
        return answer
