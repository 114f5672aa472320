"""Every decoder of a device's bytes as one call: any bytes give a result or a DeviceError, never anything else.

The property tests (test_decoders.py) and the fuzzer (`make fuzz`) run the same calls. ``Decoder.seeds`` are good
messages of the references to begin from. A decoder returns; what it returns does not matter here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from devices.card import pin_pad, records
from devices.card.chip import ApduChip
from devices.card.key_service import KeyAnswer
from devices.card.vendor import codes as vendor_codes
from devices.card.vendor import fields as vendor_fields
from devices.device import DeviceError
from devices.fingerprint.ef01 import frames as ef01_frames
from devices.fingerprint.ef01 import picture as ef01_picture
from devices.fingerprint.ef01.codes import Command
from devices.fingerprint.features import frame7e42_frames, split_nibble_frames, wel_abc_frames
from devices.id_card import samv_frames, text_block
from devices.printer import Outlet, Paper, answers, page_state, status
from devices.printer.commands import QUESTIONS
from devices.printer.emulator import PaperMachine
from devices.scanner import dialects
from devices.scanner.stream import Code, ScannerStream


@dataclass(frozen=True)
class Decoder:
    """``reads``: the module whose code is tried. ``seeds``: messages as the device sends them."""

    reads: str
    decode: Callable[[bytes], object]
    seeds: tuple[bytes, ...] = ()

    def __call__(self, content: bytes) -> None:
        with contextlib.suppress(DeviceError):
            self.decode(content)


def pieces(content: bytes) -> Iterator[bytes]:
    """The bytes in the pieces that their own first byte of each names: as a line would deliver them."""
    place = 0
    while place < len(content):
        size = 1 + content[place] % 37
        yield content[place + 1 : place + 1 + size]
        place += 1 + size


def card_answers(content: bytes) -> object:
    """A card that answers by these bytes, piece after piece, for ever."""
    answers = list(pieces(content)) or [b""]
    asked = iter(range(2000))
    return ApduChip(lambda _: answers[next(asked) % len(answers)], content[:20]).identity()


def card_with_keys(content: bytes) -> object:
    """The same card, and a key service that answers with its bytes as well."""
    answers = list(pieces(content)) or [b""]
    asked = iter(range(2000))
    keys = KeyAnswer(content[:16].ljust(16, b"\0"), content[16:32].ljust(16, b"\0"))
    chip = ApduChip(lambda _: answers[next(asked) % len(answers)], content[:20])
    return chip.identity(lambda _: keys)


def card_pins(content: bytes) -> None:
    """What a card may say to a PIN, and to its change."""
    chip = ApduChip(lambda _: content[:34], b"")
    for act in (
        lambda: chip.verify_pin(bytearray(b"123456")),
        lambda: chip.change_pin(bytearray(b"123456"), bytearray(b"2468")),
    ):
        with contextlib.suppress(DeviceError):
            act()


def card_values(content: bytes) -> None:
    """Each kind of value a record may hold."""
    for read in (
        lambda: records.value_of("fuzz", content, content[0] if content else 0, range(40)),
        lambda: records.name("fuzz", content[:30], content[30:50]),
        lambda: records.social_security_no("fuzz", content[:18]),
        lambda: records.card_number("fuzz", content[:32]),
        lambda: records.identification("fuzz", content[:16]),
        lambda: records.day("fuzz", content[:4]),
        lambda: records.digits("fuzz", content[:4]),
        lambda: records.sex("fuzz", content[:1]),
        lambda: records.version("fuzz", content[:4]),
        lambda: records.history(content),
    ):
        with contextlib.suppress(DeviceError):
            read()


def sensor_frames(content: bytes) -> None:
    """A stream of an EF01 sensor; what is held back stays below one frame."""
    parser = ef01_frames.FrameParser()
    for piece in pieces(content):
        for frame in parser.feed(piece):
            for command in (Command.READ_PARAMETERS, Command.MATCH):
                with contextlib.suppress(DeviceError):
                    answer = ef01_frames.read_acknowledgement(command, frame)
                    ef01_frames.read_parameters(answer)
                    ef01_frames.read_comparison(answer)
        assert parser.held <= LONGEST_FRAME


def split_nibble_replies(content: bytes) -> object:
    """A stream of a 中正 or 维尔 sensor, and any bytes where a template should be."""
    parser = split_nibble_frames.ReplyParser()
    for piece in pieces(content):
        parser.feed(piece)
        assert parser.held <= LONGEST_REPLY
    return parser.give_up(), split_nibble_frames.join(content)


def frame_7e42_replies(content: bytes) -> object:
    """A stream of a 天诚盛业 module, and the features in it."""
    parser = frame7e42_frames.ReplyParser()
    for piece in pieces(content):
        for reply in parser.feed(piece):
            with contextlib.suppress(DeviceError):
                frame7e42_frames.read_feature(reply.content)
        assert parser.held <= LONGEST_REPLY
    return parser.give_up()


def pad_answers(content: bytes) -> None:
    """What a reader with keys lists and says."""
    for read in (pin_pad.features, pin_pad.outcome):
        with contextlib.suppress(DeviceError):
            read(content)


def vendor_strings(content: bytes) -> None:
    """What a maker's library writes, with any code before it."""
    code = int.from_bytes(content[:4], "little", signed=True)
    for read in (
        lambda: vendor_fields.basic(content),
        lambda: vendor_fields.identification_in(content),
        lambda: vendor_fields.question(content),
        lambda: vendor_codes.pin_outcome(code, content[4:]),
        lambda: vendor_codes.pin_outcome(vendor_codes.PIN_WRONG, content),
    ):
        with contextlib.suppress(DeviceError):
            read()
    assert isinstance(vendor_codes.error_of(code), DeviceError)
    assert isinstance(vendor_codes.key_error_of(code), DeviceError)


VENDOR_BASIC = (
    "639900|639900199001010020|X00012345|639900D1560000050012345600ABCDEF|欧阳晓晴|00814E43238697639900123456|2.00|"
    "20150316|20250316|000000000000||"
)
VENDOR_STEP1 = (
    "639900|00904A30018660639900654321|01|639900D15600000500654321A1B2C3D4|1122334455667788|A1A2A3A4A5A6A7A8|"
    "C1C2C3C4C5C6C7C8|B1B2B3B4B5B6B7B8|"
)


def wel_abc_replies(content: bytes) -> object:
    """A stream of a 维尔 sensor of the ABC dialect, and the features in it."""
    parser = wel_abc_frames.ReplyParser()
    for piece in pieces(content):
        for text in parser.feed(piece):
            wel_abc_frames.speaks_abc(text)
            wel_abc_frames.read_feature(text)
        assert parser.held <= LONGEST_REPLY
    return parser.give_up()


def id_module_answers(content: bytes) -> None:
    """A stream of a SAM_V module, and the text of a card in it."""
    parser = samv_frames.AnswerParser()
    answers = []
    for piece in pieces(content):
        answers += parser.feed(piece)
        assert parser.held <= LONGEST_ANSWER
    for answer in answers + parser.give_up():
        samv_frames.module_number(answer)
        with contextlib.suppress(DeviceError):
            text_block.read_text(samv_frames.text_of(answer))


def scanner_pieces(content: bytes) -> None:
    """A stream of a scanner of each family; every byte of it comes out again, at least as a star."""
    for dialect in (dialects.Gm65(), dialects.Newland()):
        stream = ScannerStream(dialect.reply_size)
        heard = 0
        for piece in [*(found for part in pieces(content) for found in stream.feed(part)), *stream.end()]:
            heard += len(piece.for_tap)
            assert isinstance(piece, Code) or dialect.verdict(piece.raw) in dialects.Verdict
        assert heard == sum(len(part) for part in pieces(content))


LONGEST_FRAME = 1024
LONGEST_ANSWER = 2407
LONGEST_REPLY = 2100


def printer_answers(content: bytes) -> object:
    """A printer's line in pieces, and a name in it."""
    line = answers.Answers()
    heard = [found for piece in pieces(content) for found in line.hear(piece)]
    assert answers.read_name(content).isprintable()
    return heard


def printer_states(content: bytes) -> object:
    """What any answers mean: to the four questions, reports, the ticket sensor."""
    for packet in (content[at : at + 4] for at in range(0, len(content) - 3, 4)):
        assert status.read_auto(packet).paper in Paper
        assert status.read_outlet(packet) in Outlet
    return status.read_status(dict(zip(QUESTIONS, content, strict=False))).trouble


def page_printer_states(content: bytes) -> object:
    """Attributes of an IPP printer and of a job as the library hands them over: any values, one or several.

    The library's own parser is not tried here: on some broken answers it never ends (docs/device-checklist.md).
    """
    values: list[object] = []
    for piece in pieces(content):
        text = piece.decode("utf-8", "replace")
        values.append((int.from_bytes(piece, "big"), text, [text, *values[-2:]], None, bool(piece))[len(piece) % 5])
    names = ("printer-state", "printer-state-reasons", "printer-is-accepting-jobs", "marker-levels", "job-state")
    found = dict(zip(names, values, strict=False))
    page_state.job_state_of(found)
    state = page_state.status_of(found)
    return state.trouble, state.likely_cause, state.low


def emulated_printer(content: bytes) -> object:
    """Any driver's bytes at the emulator: it prints what it can of them, and stops when the roll ends."""
    machine = PaperMachine(sensor=True, paper_left=2000)
    for piece in pieces(content):
        machine.take(piece)
    while machine.waiting:
        machine.advance()
    return machine.report()


DECODERS: dict[str, Decoder] = {
    "card answers": Decoder("devices.card.chip", card_answers, (bytes.fromhex("0290000a") * 9,)),
    "card with keys": Decoder("devices.card.authentication", card_with_keys, (bytes.fromhex("0290000a") * 9,)),
    "card PINs": Decoder("devices.card.pins", card_pins, (b"\x63\xc2", b"\x90\x00", b"\x69\x83")),
    "finger pictures": Decoder("devices.fingerprint.ef01.picture", ef01_picture.quality_of, (bytes(range(256)) * 8,)),
    "card records": Decoder("devices.card.records", card_values, ("欧阳建国".encode("gb18030"), b"510599195203150012")),
    "pin pad answers": Decoder("devices.card.pin_pad", pad_answers, (bytes.fromhex("060442330006070442330007"),)),
    "vendor strings": Decoder(
        "devices.card.vendor.fields",
        vendor_strings,
        (VENDOR_BASIC.encode("gb18030"), VENDOR_STEP1.encode(), "密码错误，还剩2次".encode("gb18030")),
    ),
    "ef01 frames": Decoder(
        "devices.fingerprint.ef01.frames",
        sensor_frames,
        (b"\x0b" + bytes.fromhex("EF01FFFFFFFF07000300000A"), b"\x1b" + bytes.fromhex("EF01FFFFFFFF0700130000")),
    ),
    "split-nibble replies": Decoder(
        "devices.fingerprint.features.split_nibble_frames",
        split_nibble_replies,
        (
            b"\x0f" + bytes.fromhex("0230303034303030303A3A3B3B313503"),
            b"\x0b" + bytes.fromhex("023030303230313030303303"),
        ),
    ),
    "7e42 replies": Decoder(
        "devices.fingerprint.features.frame7e42_frames",
        frame_7e42_replies,
        (b"\x08" + bytes.fromhex("7E4264030000000025"), b"\x08" + bytes.fromhex("7E4264FF00000000D9")),
    ),
    "wel-abc replies": Decoder(
        "devices.fingerprint.features.wel_abc_frames",
        wel_abc_replies,
        (b"\x0d\x02TYPICAL_ALL\x1c\x03", b"\x0d\x02AAM3bNEv3g==\x03"),
    ),
    "id module answers": Decoder(
        "devices.id_card.samv_frames",
        id_module_answers,
        (
            b"\x0e" + bytes.fromhex("AAAAAA9669000800009F0000000097"),
            b"\x09" + bytes.fromhex("AAAAAA9669000400008084") + b"\x09" + bytes.fromhex("AAAAAA9669000400004145"),
        ),
    ),
    "id card text": Decoder(
        "devices.id_card.text_block",
        lambda content: text_block.read_text(content[:256].ljust(256, b" ")),
        ("欧阳晓晴".ljust(15).encode("utf-16-le") + "20119900101".encode("utf-16-le"),),
    ),
    "scanner pieces": Decoder(
        "devices.scanner.stream",
        scanner_pieces,
        (b"\x06\x02\x00\x00\x01\x0031\x08ABCDEFGH\r", b"\x12\x02\x010000#SCNTRG1\x06;\x03"),
    ),
    "scanner replies": Decoder("devices.scanner.dialects", scanner_pieces, (b"\x06\x02\x00\x00\x01\x0031",)),
    "printer answers": Decoder(
        "devices.printer.answers",
        printer_answers,
        (b"\x04\x12\x16\x1e\x7e", b"\x06\x38\x00\x12\x03\x00\x0f", b"\x06\x10\x0f\x20\x00\x00\x00"),
    ),
    "printer status": Decoder("devices.printer.status", printer_states, (b"\x12\x12\x12\x12", b"\x16\x1e\x5a\x7e")),
    "page printer states": Decoder(
        "devices.printer.page_state", page_printer_states, (b"\x04\x00\x00\x00\x05\x0bmedia-empty", b"\x01\x03\x02no")
    ),
    "emulated printer": Decoder(
        "devices.printer.emulator_commands",
        emulated_printer,
        (b"\x0f\x1d\x76\x30\x00\x01\x00\x02\x00\xff\x00\x1d\x56\x42\x03\x0a", b"\x06\x1b\x40\x1d\x61\x0e\x0a"),
    ),
}
