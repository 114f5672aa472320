"""Scrubbers of the other sensors, of ID cards, scanners and printers, on frames of reference/serial-devices.md §9.4."""

from __future__ import annotations

from functools import reduce
from operator import xor

import pytest

from devices.id_card.simulated import frame_of
from devices.id_card.simulated_cards import SAMPLES, SampleCard, WrittenCard
from devices.id_card.text_block import read_text
from devices.trace import LANGUAGES
from devices.trace.fakes import Fakes
from devices.trace.fingers import joined, split
from devices.trace.format import Exchange, Way
from devices.trace.id_card import SamV
from devices.trace.scrubber import LineScrubber

FEATURE = Fakes(b"t" * 32).stream(bytes(256))


def scrubber(dialect: str) -> LineScrubber:
    return LineScrubber(LANGUAGES[dialect](Fakes(b"k" * 32)))


def sent(line: LineScrubber, frame: str) -> tuple:
    [said] = line.sent(bytes.fromhex(frame), 0.0)
    return said.parts


def came(line: LineScrubber, frame: bytes) -> bytes:
    [said] = line.came(frame, 0.0)
    return Exchange(0.0, Way.CAME, said.parts).filled


def nibbles(status: int, content: bytes) -> bytes:
    body = (len(content) + 2).to_bytes(2) + bytes([status, 0]) + content
    return b"\x02" + split(body + bytes([reduce(xor, body)])) + b"\x03"


class TestSplitNibble:
    """中正, 维尔."""

    @pytest.mark.parametrize(
        "frame",
        ["02303030343034303030303030303003", "0230303034303930303030303030 3D03", "0230303034303C303030303030303803",
         "0230303036313930303030303030303030313F03"],
    )  # fmt: skip
    def test_commands_are_written_as_they_are(self, frame):
        assert sent(scrubber("split-nibble"), frame) == (bytes.fromhex(frame),)

    def test_a_command_nobody_knows_is_written_by_its_length(self):
        body = bytes.fromhex("000477") + b"\x01\x02\x03"
        frame = b"\x02" + split(body + bytes([reduce(xor, body)])) + b"\x03"
        assert sent(scrubber("split-nibble"), frame.hex()) == (len(frame),)

    @pytest.mark.parametrize("content", [b"", b"\x00"[:0]])
    def test_a_status_is_written_as_it_is(self, content):
        frame = nibbles(0x0C, content)
        assert came(scrubber("split-nibble"), frame) == frame

    def test_a_feature_is_a_stream_of_the_same_length_with_a_right_check(self):
        line = scrubber("split-nibble")
        sent(line, "023030303430 3C303030303030303803")
        real = nibbles(0, FEATURE)
        written = came(line, real)
        body = joined(written[1:-1])
        assert len(written) == len(real) == 524
        assert reduce(xor, body) == 0
        assert all(split(FEATURE[at : at + 4]) not in written for at in range(253))

    def test_a_wrong_check_stays_wrong(self):
        line = scrubber("split-nibble")
        sent(line, "0230303034303C303030303030303803")
        real = bytearray(nibbles(0, FEATURE))
        real[-2] ^= 1
        assert reduce(xor, joined(came(line, bytes(real))[1:-1])) != 0

    def test_a_picture_is_left_out_and_its_size_is_not(self):
        line = scrubber("split-nibble")
        sent(line, "0230303034313830303031303031 3D03")
        size = nibbles(0, bytes.fromhex("01000168"))
        assert came(line, size) == size
        sent(line, "0230303036313930303030303030303030313F03")
        written = came(line, nibbles(0, FEATURE))
        assert len(written) == 524
        assert split(FEATURE[:4]) not in written

    def test_of_a_descriptor_only_the_words_that_drivers_look_for_remain(self):
        line = scrubber("split-nibble")
        sent(line, "0230303034303930303030303030 3D03")
        shown = joined(came(line, nibbles(0, b"SN123 TYPICAL_ALL 7"))[1:-1])[4:-1]
        assert shown == b"X" * 6 + b"TYPICAL_ALL" + b"X" * 2

    def test_an_echo_is_written_as_it_is_and_noise_by_its_length(self):
        line = scrubber("split-nibble")
        asked = "0230303034303C303030303030303803"
        sent(line, asked)
        assert came(line, bytes.fromhex(asked)) == bytes.fromhex(asked)
        [noise] = line.came(b"\xfe\xed\xfa" + nibbles(1, b""), 5.0)
        assert noise.parts == (3, nibbles(1, b""))


def reply(command: int, status: int, content: bytes) -> bytes:
    body = bytes([0x42, command, status]) + len(content).to_bytes(4) + content
    return b"\x7e" + body + bytes([reduce(xor, body)])


class Test7E42:
    """天诚盛业."""

    @pytest.mark.parametrize("frame", ["7E42610000000100 22", "7E42620000000107 26", "7E4264000000010225"])
    def test_commands_are_written_as_they_are(self, frame):
        assert sent(scrubber("7e42"), frame) == (bytes.fromhex(frame),)

    def test_a_feature_keeps_its_two_lengths(self):
        line = scrubber("7e42")
        sent(line, "7E4264000000010225")
        real = reply(0x64, 0, bytes([0, 200]) + FEATURE[:200])
        written = came(line, real)
        assert written[:10] == real[:10]
        assert FEATURE[:4] not in written
        assert reduce(xor, written[1:]) == 0

    def test_what_a_command_carries_beyond_its_parameter_may_be_a_template(self):
        body = b"\x42\x65" + (200).to_bytes(4) + FEATURE[:200]
        frame = b"\x7e" + body + bytes([reduce(xor, body)])
        [written] = sent(scrubber("7e42"), frame.hex())
        assert len(written) == len(frame)
        assert FEATURE[:4] not in written

    def test_a_picture_is_left_out_with_a_right_check(self):
        line = scrubber("7e42")
        sent(line, "7E42840000000C00000B0000000000000003C002")
        written = came(line, reply(0x84, 0, FEATURE))
        assert reduce(xor, written[1:]) == 0
        assert FEATURE[:4] not in written

    def test_a_version_may_hold_a_serial_number(self):
        assert came(scrubber("7e42"), reply(0x61, 0, b"V1.2 SN0042"))[8:-1] == b"X" * 11

    def test_an_echo_is_known_as_one(self):
        line = scrubber("7e42")
        sent(line, "7E4264000000010225")
        assert came(line, bytes.fromhex("7E4264000000010225")) == bytes.fromhex("7E4264000000010225")


class TestIdCards:
    """All layouts: what a decoder reads afterwards is right, and somebody else."""

    def read(self, card: WrittenCard):
        line = LineScrubber(SamV(Fakes(b"k" * 32)))
        sent(line, "AAAAAA96690003300132")
        written = came(line, frame_of(0x90, bytes.fromhex("01000400") + card.text + bytes(1024)))
        return read_text(card.text), read_text(written[14 : 14 + 256])

    @pytest.mark.parametrize("sample", list(SampleCard), ids=str)
    def test_every_kind_of_card_stays_what_it_is(self, sample):
        real, shown = self.read(SAMPLES[sample])
        assert shown.kind is real.kind
        assert shown.number != real.number
        assert shown.name != real.name
        assert shown.born_on != real.born_on
        assert (shown.valid_from, shown.valid_until) == (real.valid_from, real.valid_until)

    def test_a_rare_character_is_no_trouble(self):
        real, shown = self.read(WrittenCard.of_resident("𠮷野𬱖" * 5, "639900199001010020"))
        assert shown.name != real.name
        assert len(shown.name) >= 1

    def test_the_number_of_the_module_and_what_lies_behind_a_fault_are_zeros(self):
        line = scrubber("sam_v")
        sent(line, "AAAAAA96690003 12FFEE")
        assert came(line, frame_of(0x90, b"MODULE-NUMBER-16"))[10:26] == bytes(16)
        sent(line, "AAAAAA96690003200122")
        assert came(line, frame_of(0x9F, b"ABCD"))[10:14] == bytes(4)

    def test_a_new_address_is_invented(self):
        line = scrubber("sam_v")
        sent(line, "AAAAAA96690003300330")
        address = "测试省测试市样例县七号".ljust(35).encode("utf-16-le")
        shown = came(line, frame_of(0x90, address))[10:80].decode("utf-16-le")
        assert shown.strip() != ""
        assert "样例县七号" not in shown

    def test_text_that_is_none_stays_none(self):
        line = scrubber("sam_v")
        sent(line, "AAAAAA96690003300132")
        written = came(line, frame_of(0x90, bytes.fromhex("01000400") + b"\x41\xdc" * 128 + bytes(1024)))
        with pytest.raises(UnicodeDecodeError):
            written[14 : 14 + 256].decode("utf-16-le")
        assert b"\x41\xdc" not in written

    def test_a_text_block_of_another_length_is_left_out(self):
        line = scrubber("sam_v")
        sent(line, "AAAAAA96690003300132")
        [said] = line.came(frame_of(0x90, bytes.fromhex("01000400") + "名字".encode("utf-16-le")), 0.0)
        assert said.parts[1] == 8


class TestOthers:
    """Scanners, printers, lines nobody understands."""

    @pytest.mark.parametrize(
        "frame",
        ["7E000801000201 02DA", "7E000701002A02D80F", "7E013030303023 53434E54524731 3B03", "1B31"],
    )  # fmt: skip
    def test_commands_of_scanners_are_written_as_they_are(self, frame):
        assert sent(scrubber("scanner"), frame) == (bytes.fromhex(frame),)

    def test_what_was_scanned_is_invented_sign_by_sign(self):
        line = scrubber("scanner")
        code = b"ABC123xyz/-9\r"
        written = came(line, bytes.fromhex("02000001003331") + code)[7:]
        assert written != code
        assert [byte in b"0123456789" for byte in written] == [byte in b"0123456789" for byte in code]
        assert written[-1:] == b"\r"

    def test_a_code_without_an_end_is_written_when_the_line_is_quiet(self):
        line = scrubber("scanner")
        assert line.came(b"123456", 1.0) == []
        [said] = line.sent(b"\x1b\x31", 2.0)[:1]
        assert said.at == 1.0
        assert said.parts[0] != b"123456"

    def test_a_printers_name_may_hold_a_serial_number(self):
        line = scrubber("escpos")
        sent(line, "1D4943")
        assert came(line, b"\x5fTM-T88 SN42\0") == b"\x5f" + b"X" * 11 + b"\0"

    def test_the_answer_about_the_outlet_and_reports_are_written_as_they_are(self):
        line = scrubber("escpos")
        sent(line, "100414")
        assert came(line, bytes.fromhex("100F20000000")) == bytes.fromhex("100F20000000")
        sent(line, "1D610E")
        assert came(line, bytes.fromhex("14000F0F")) == bytes.fromhex("14000F0F")

    def test_of_what_nobody_understands_only_the_length_remains(self):
        assert sent(scrubber("opaque"), b"secret".hex()) == (6,)
        assert came(scrubber("opaque"), b"secret") == b"\xff" * 6
