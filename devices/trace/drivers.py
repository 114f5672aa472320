"""Real drivers for traces of serial lines: how each is opened, and which act a trace was made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, cast

from devices.device import Supervised
from devices.fingerprint import FingerprintReader, FingerTemplate
from devices.id_card import IdCardReader
from devices.printer import ReceiptPrinter
from devices.scanner import CodeScanner
from devices.tap import NO_TAP, Tap
from devices.trace import acts
from devices.trace.acts import Conclusion
from devices.trace.ef01 import BEFORE_PAYLOAD, CHECKSUM, cut
from devices.trace.fingers import joined
from devices.trace.format import Exchange, Trace, Way
from devices.trace.script import RASTER

USUAL_TEMPLATE = 512
AFTERWARDS = 1.5
"""A finger, a card, a code is waited for until the device said its last word, and so many seconds more."""
HEARTBEAT = 0.5
"""Of a printer, so that its rounds end soon."""
EF01_MATCH, EF01_MERGE, EF01_DOWNLOAD, EF01_UPLOAD, EF01_IMAGE, EF01_EXTRACT, EF01_CAPTURE = 3, 5, 9, 8, 10, 2, 1
COMMAND, MORE, LAST = 1, 2, 8
SPLIT_ENROL, SPLIT_FEATURES = 0x0B, (0x0C, 0x1C)
CAPTURE_7E42 = 0x64
NEWLAND, NEWLAND_LOOK, GM65_LOOK = b"\x7e\x01", b"SCNTRG1", b"\x7e\x00\x08\x01\x00\x02\x01"
ID_CARD_FIND = b"\x20\x01"


class Driver(Supervised, Protocol):
    """What every driver has."""

    def close(self) -> None:
        """Give the line back."""


class _Unlike:
    """Takes the place of a vendor's library: features in traces are inventions, and none is like another."""

    def load(self) -> None:
        """Nothing to load."""

    def same(self, enrolled: bytes, live: bytes) -> bool:
        """Never."""
        del enrolled, live
        return False


def url_of(dialect: str, port: int) -> str:
    """Where a player on this loopback port is, in the words of a driver."""
    return f"tcp:127.0.0.1:{port}" if dialect == "escpos" else f"socket://127.0.0.1:{port}"


def family_of(trace: Trace) -> str:
    """Which scanner it was."""
    sent = next((one.known for one in trace.exchanges if one.way is Way.SENT), b"")
    return "newland" if sent.startswith(NEWLAND) else "gm65"


def open_driver(dialect: str, url: str, tap: Tap = NO_TAP, family: str = "gm65") -> Driver:
    """The real driver of a dialect on ``url``; each is loaded for its own traces only."""
    return cast("Driver", _OPEN[dialect](url, tap, family))


def _ef01(url: str, tap: Tap, _family: str) -> Supervised:
    from devices.fingerprint.ef01.address import parse_ef01  # noqa: PLC0415 - see open_driver
    from devices.fingerprint.ef01.reader import Ef01Reader  # noqa: PLC0415 - see open_driver

    return Ef01Reader(parse_ef01(url), tap=tap)


def _split_nibble(url: str, tap: Tap, _family: str) -> Supervised:
    from devices.fingerprint.features.address import parse_split_nibble  # noqa: PLC0415 - see open_driver
    from devices.fingerprint.features.split_nibble import open_split_nibble  # noqa: PLC0415 - see open_driver

    return open_split_nibble(parse_split_nibble(url), tap=tap, matcher=_Unlike())


def _7e42(url: str, tap: Tap, _family: str) -> Supervised:
    from devices.fingerprint.features.address import parse_7e42  # noqa: PLC0415 - see open_driver
    from devices.fingerprint.features.frame7e42 import open_7e42  # noqa: PLC0415 - see open_driver

    return open_7e42(parse_7e42(url), tap=tap, matcher=_Unlike())


def _escpos(url: str, tap: Tap, _family: str) -> Supervised:
    from devices.printer.escpos import EscposPrinter  # noqa: PLC0415 - see open_driver

    return EscposPrinter(url, tap=tap, heartbeat=HEARTBEAT)


def _sam_v(url: str, tap: Tap, _family: str) -> Supervised:
    from devices.id_card.samv import SamvReader  # noqa: PLC0415 - see open_driver
    from devices.id_card.samv_address import parse_samv  # noqa: PLC0415 - see open_driver

    return SamvReader(parse_samv(url), tap=tap)


def _scanner(url: str, tap: Tap, family: str) -> Supervised:
    from devices.scanner.address import parse_scanner  # noqa: PLC0415 - see open_driver
    from devices.scanner.serial_scanner import SerialScanner  # noqa: PLC0415 - see open_driver

    return SerialScanner(parse_scanner(f"{family}:{url}"), tap=tap)


_OPEN = {
    "ef01": _ef01, "split-nibble": _split_nibble, "7e42": _7e42, "escpos": _escpos, "sam_v": _sam_v,
    "scanner": _scanner,
}  # fmt: skip


def act_on(device: Supervised, trace: Trace) -> Conclusion:
    """Do with the driver what was done when the trace was made; another round of attention where nothing else was."""
    return _act_on(device, trace) or acts.look_again(device)


def _act_on(device: Supervised, trace: Trace) -> Conclusion:
    sent = [one for one in trace.exchanges if one.way is Way.SENT]
    seconds = AFTERWARDS + max((one.at for one in trace.exchanges if one.way is Way.CAME), default=0.0)
    match trace.dialect:
        case "ef01":
            return _act_ef01(cast("FingerprintReader", device), trace, sent, seconds)
        case "split-nibble" | "7e42":
            return _act_features(cast("FingerprintReader", device), trace.dialect, sent, seconds)
        case "escpos":
            printed = any(one.known.startswith(RASTER) for one in sent)
            return acts.print_slip(cast("ReceiptPrinter", device)) if printed else {}
        case "sam_v":
            looked = any(one.filled[7:9] == ID_CARD_FIND for one in sent)
            return acts.read_id_card(cast("IdCardReader", device), seconds) if looked else {}
        case "scanner":
            told = any(NEWLAND_LOOK in one.filled or one.filled.startswith(GM65_LOOK) for one in sent)
            return acts.scan(cast("CodeScanner", device), seconds) if told else {}
        case _:
            return {}


def _act_ef01(reader: FingerprintReader, trace: Trace, sent: list[Exchange], seconds: float) -> Conclusion:
    asked = [one.filled[BEFORE_PAYLOAD] for one in sent if one.size > BEFORE_PAYLOAD and one.filled[6] == COMMAND]
    if EF01_MERGE in asked:
        return acts.enrol(reader, min(3, max(2, asked.count(EF01_EXTRACT))), seconds)
    if EF01_IMAGE in asked:
        return acts.preview(reader, seconds)
    if EF01_CAPTURE in asked:
        return acts.match(reader, template_in(trace), seconds)
    return {}


def template_in(trace: Trace) -> FingerTemplate:
    """The enrolled finger that was sent to an EF01 sensor before it compared, invented as everything else.

    Where nothing was sent: as many zeros as the sensor's own buffer gave.
    """
    sent, came, asked = b"", b"", 0
    gathered: dict[int, bytes] = {}
    for way, frame in _ef01_frames(trace):
        payload = frame[BEFORE_PAYLOAD:-CHECKSUM]
        if way is Way.SENT and frame[6] == COMMAND:
            asked = payload[0]
            if asked == EF01_MATCH:
                break
            gathered[asked] = b""
        elif frame[6] in (MORE, LAST):
            gathered[asked] = gathered.get(asked, b"") + payload
            sent = gathered[asked] if asked == EF01_DOWNLOAD else sent
            came = gathered[asked] if asked == EF01_UPLOAD and not sent else came
    return FingerTemplate("ef01", sent or bytes(len(came) or USUAL_TEMPLATE))


def _ef01_frames(trace: Trace) -> Iterator[tuple[Way, bytes]]:
    for one in trace.exchanges:
        held = one.filled
        while held and (size := cut(held)[0]):
            frame, held = held[:size], held[size:]
            if size > BEFORE_PAYLOAD:
                yield one.way, frame


def _act_features(reader: FingerprintReader, dialect: str, sent: list[Exchange], seconds: float) -> Conclusion:
    if dialect == "7e42":
        asked = any(one.filled[2] == CAPTURE_7E42 for one in sent if one.size > 2)  # noqa: PLR2004 - 7E 42 CMD
        return acts.match(reader, FingerTemplate("7e42", bytes(USUAL_TEMPLATE)), seconds) if asked else {}
    bodies = [joined(one.filled[1:-1]) or b"" for one in sent]
    commands = [body[2] for body in bodies if len(body) > 2]  # noqa: PLR2004 - LEN, CMD
    if SPLIT_ENROL in commands:
        return acts.enrol(reader, 3, seconds)
    if any(command in SPLIT_FEATURES for command in commands):
        return acts.match(reader, FingerTemplate("split-nibble", bytes(256)), seconds)
    return {}
