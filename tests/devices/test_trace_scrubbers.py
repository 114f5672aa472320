"""What may be written down: the vectors of the references before and after, and that nothing of a person remains."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devices.card.records import social_security_no
from devices.trace import LANGUAGES, dialect_of, scrubber_of
from devices.trace.ef01 import checksum, framed
from devices.trace.fakes import REGION, Fakes, check_digit
from devices.trace.format import Exchange, Way, line_of
from devices.trace.id_card import SamV
from devices.trace.printer import Escpos
from devices.trace.scrubber import LineScrubber
from tests.devices.card.holders import MAIMAITI, OUYANG

KEY = b"k" * 32
SELECT = bytes.fromhex("00A404000F7378312E73682EC9E7BBE1B1A3D5CF")
EF05, EF06 = bytes.fromhex("00A4020002EF05"), bytes.fromhex("00A4020002EF06")
V1 = {
    "00B2010412": "0110639900D1560000050012345600ABCDEF9000",
    "00B207040B": "07095830303031323334359000",
}
V1_HOLDER = {
    "00B2010414": "08123633393930303139393030313031303032309000",
    "00B2020420": "091EC5B7D1F4CFFEC7E7000000000000000000000000000000000000000000009000",
    "00B2040403": "0A01329000",
    "00B2070406": "0D04199001019000",
}


def fakes() -> Fakes:
    return Fakes(KEY)


def card_said(*exchanges: tuple[str, str], file: bytes = EF06) -> list[bytes]:
    """The answers as they are written, after SELECT of the file."""
    scrubber = scrubber_of("apdu", fakes())
    scrubber.opened()
    for command in (SELECT, file):
        scrubber.sent(command, 0.0)
        scrubber.came(b"\x90\x00", 0.0)
    said = []
    for command, answer in exchanges:
        scrubber.sent(bytes.fromhex(command), 0.0)
        [one] = scrubber.came(bytes.fromhex(answer), 0.0)
        said.append(Exchange(0.0, Way.CAME, one.parts).filled)
    return said


class TestFakes:
    """Invented, consistent, of the same form."""

    def test_the_same_value_is_the_same_fake_and_another_trace_has_another(self):
        assert fakes().number(OUYANG.number) == fakes().number(OUYANG.number)
        assert fakes().number(OUYANG.number) != Fakes(b"x" * 32).number(OUYANG.number)
        assert Fakes().stream(b"x" * 8) != Fakes().stream(b"x" * 8)

    @pytest.mark.parametrize("real", [OUYANG.number, MAIMAITI.number, "11010519491231002X", "440524188001010014"])
    def test_a_fake_number_is_a_right_one_of_nobodys_region(self, real):
        fake = fakes().number(real)
        assert fake != real
        assert fake.startswith(REGION)
        assert social_security_no("number", fake.encode()) == fake
        assert fake[6:14] == fakes().day(real[6:14])
        assert (int(fake[16]) % 2 == 1) == (fakes().sex("1" if int(real[16]) % 2 else "2") == "1")

    def test_a_wrong_number_stays_wrong(self):
        fake = fakes().number("639900199001010021")
        assert check_digit(fake[:17]) != fake[17]

    @pytest.mark.parametrize("real", ["810000199001010027", "963999199001010015"])
    def test_what_a_driver_tells_kinds_of_people_by_stays(self, real):
        assert fakes().number(real)[0] == real[0]

    def test_an_impossible_day_stays_impossible(self):
        assert fakes().day("20231399") == "19001340"

    @pytest.mark.parametrize("name", ["欧阳晓晴", "王", "Anna 李", "𠮷野", "买买提江·阿卜杜热依木艾合买𬱖"])
    def test_a_fake_name_is_as_long_and_as_whole(self, name):
        real = name.encode("gb18030")
        fake, cut = fakes().name(real)
        assert len(fake) == len(real)
        assert fake != real
        assert cut.rest == b""
        assert len(fake.decode("gb18030")) == len(name)

    @given(
        st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=9, max_size=24), st.integers(1, 30)
    )
    def test_a_name_cut_anywhere_is_cut_in_the_same_place(self, name, place):
        real = name.encode("gb18030")
        first, cut = fakes().name(real[:place])
        second, _ = fakes().name(real[place:], cut)
        assert (len(first), len(second)) == (len(real[:place]), len(real[place:]))
        assert len((first + second).decode("gb18030")) == len(name)


class TestCards:
    """Records, PINs, proofs; reference/card.md V1, V3, V5."""

    def test_the_holder_is_invented_and_agrees_with_himself(self):
        number, name, sex, born = card_said(*V1_HOLDER.items())
        shown = number[2:20].decode()
        assert number[:2] == b"\x08\x12"
        assert number.endswith(b"\x90\x00")
        assert social_security_no("number", shown.encode()) == shown != OUYANG.number
        assert born == bytes.fromhex(f"0D04{shown[6:14]}9000")
        assert sex[2:3].decode() == str(2 - int(shown[16]) % 2)
        assert name[2:10].decode("gb18030") != OUYANG.name
        assert len(name) == 34
        assert name[10:32] == bytes(22)

    def test_card_number_and_identification_keep_their_form(self):
        identification, number = card_said(*V1.items(), file=EF05)
        assert identification[:10] == bytes.fromhex("0110639900D156000005")
        assert identification[10:18] != bytes.fromhex("0012345600ABCDEF")
        assert number[2:11].decode()[1:].isdigit()
        assert number[2:11] != b"X00012345"

    def test_a_name_across_two_records_is_cut_where_the_real_one_is(self):
        first, second = card_said(
            ("00B2020420", "091EC2F2C2F2CCE1BDADA1A4B0A2B2B7B6C5C8C8D2C0C4BEB0ACBACFC2F299339000"),
            ("00B2030416", "4E14C336" + "00" * 18 + "9000"),
        )
        whole = first[2:32] + second[2:4]
        assert len(whole.decode("gb18030")) == len(MAIMAITI.name)
        with pytest.raises(UnicodeDecodeError):
            first[2:32].decode("gb18030")

    @pytest.mark.parametrize(
        ("command", "written"),
        [("0020000003123456", "0020000003000000"), ("002000000312345F", "002000000300000F"),
         ("805E010007123456FF246810", "805E010007000000FF000000")],
    )  # fmt: skip
    def test_digits_of_a_pin_are_zeros(self, command, written):
        [said] = scrubber_of("apdu", fakes()).sent(bytes.fromhex(command), 0.0)
        assert said.parts == (bytes.fromhex(written),)

    def test_challenges_and_cryptograms_are_faked_alike_wherever_they_stand(self):
        scrubber = scrubber_of("apdu", fakes())
        ask = bytes.fromhex("0084000008")
        factor, info = bytes.fromhex("1122334455667788"), bytes.fromhex("A1A2A3A4A5A6A7A8")
        scrubber.sent(ask, 0.0)
        [first] = scrubber.came(info + b"\x90\x00", 0.0)
        scrubber.sent(ask, 0.0)
        [second] = scrubber.came(factor + b"\x90\x00", 0.0)
        [proof] = scrubber.sent(bytes.fromhex("0088000010") + factor + info, 0.0)
        assert proof.parts[0] == bytes.fromhex("0088000010") + second.parts[0][:8] + first.parts[0][:8]
        assert factor not in proof.parts[0]

    def test_the_serial_number_in_the_answer_to_reset_is_invented(self):
        [said] = scrubber_of("apdu", fakes()).came(OUYANG.atr, 0.0)
        assert said.parts[0][:11] == OUYANG.atr[:11]
        assert said.parts[0][11:] != OUYANG.atr[11:]
        assert len(said.parts[0]) == 17

    @pytest.mark.parametrize("command", ["00B00000FF", "80CA9F7F00", "00D60000021234", "84240001141234", "FFCA000000"])
    def test_a_command_nobody_knows_is_written_by_its_length(self, command):
        scrubber = scrubber_of("apdu", fakes())
        [sent] = scrubber.sent(bytes.fromhex(command), 0.0)
        [came] = scrubber.came(b"secret\x90\x00", 0.0)
        assert sent.parts == (len(bytes.fromhex(command)),)
        assert came.parts == (6, b"\x90\x00")


class TestLines:
    """Frames in portions, templates, pictures, dots, ID cards."""

    def test_a_template_is_a_stream_with_a_right_checksum_however_it_arrives(self):
        real = Fakes(b"t" * 32).stream(bytes(128))
        frame = framed(bytes.fromhex("EF01FFFFFFFF020082") + real + b"\0\0", real)
        frame = frame[:-2] + checksum(frame[6:-2])
        whole = LineScrubber(LANGUAGES["ef01"](fakes()))
        pieces = LineScrubber(LANGUAGES["ef01"](fakes()))
        [said] = whole.came(frame, 0.0)
        parts = [one for at in range(0, len(frame), 5) for one in pieces.came(frame[at : at + 5], 0.0)]
        assert [one.parts for one in parts] == [said.parts]
        written = said.parts[0]
        assert written[:9] == frame[:9]
        assert written[-2:] == checksum(written[6:-2])
        assert real not in written
        assert all(real[at : at + 4] not in written for at in range(124))

    def test_a_wrong_checksum_stays_wrong(self):
        [said] = LineScrubber(LANGUAGES["ef01"](fakes())).came(bytes.fromhex("EF01FFFFFFFF0700030000FF"), 0.0)
        assert said.parts[0][-2:] != checksum(said.parts[0][6:-2])

    def test_a_picture_is_left_out(self):
        scrubber = LineScrubber(LANGUAGES["ef01"](fakes()))
        scrubber.sent(bytes.fromhex("EF01FFFFFFFF0100030A000E"), 0.0)
        payload = bytes(range(1, 129))
        body = b"\x02\x00\x82" + payload
        [said] = scrubber.came(b"\xef\x01\xff\xff\xff\xff" + body + checksum(body), 0.0)
        assert said.parts[1] == 128
        assert payload not in said.parts[0]

    def test_a_password_of_a_sensor_is_zeros(self):
        body = bytes.fromhex("01000713") + b"\x12\x34\x56\x78"
        frame = bytes.fromhex("EF01FFFFFFFF") + body + checksum(body)
        [said] = LineScrubber(LANGUAGES["ef01"](fakes())).sent(frame, 0.0)
        assert said.parts[0][10:14] == bytes(4)

    def test_a_slip_keeps_its_commands_and_loses_its_dots(self):
        job = b"\x1b\x40" + b"\x1d\x76\x30\x00\x02\x00\x03\x00" + b"\xaaDOTS\x55" + b"\x1d\x56\x42\x60"
        [said] = LineScrubber(Escpos(fakes())).sent(job, 0.0)
        assert said.parts == (b"\x1b\x40", b"\x1d\x76\x30\x00\x02\x00\x03\x00", 6, b"\x1d\x56\x42\x60")

    def test_text_for_a_printer_is_written_by_its_length(self):
        [said] = LineScrubber(Escpos(fakes())).sent("姓名：李伟".encode("gb18030"), 0.0)
        assert said.parts == (10,)

    def test_the_text_of_an_id_card_is_invented_and_its_check_is_right(self):
        text = bytes.fromhex(
            "276B33965366746620002000200020002000200020002000200020002000320030003100310039003900300030003100"
            "300031004B6DD58B01774B6DD58B025E37688B4FBF53004EF75320002000200020002000200020002000200020002000"
            "200020002000200020002000200020002000200020002000200036003300390039003000300031003900390030003000"
            "310030003100300030003200300037688B4FBF536C51895B405C20002000200020002000200020002000200032003000"
            "320030003000310030003100320030003400300030003100300031002000200020002000200020002000200020002000"
            "20002000200020002000200020002000"
        )
        frame = bytes.fromhex("AAAAAA96690508000090") + bytes.fromhex("01000400") + text + bytes(1024) + b"\x57"
        scrubber = LineScrubber(SamV(fakes()))
        scrubber.sent(bytes.fromhex("AAAAAA96690003300132"), 0.0)
        [said] = scrubber.came(frame, 0.0)
        assert said.parts[1] == 1024
        shown = said.parts[0][14:].decode("utf-16-le")
        number = shown[61:79]
        assert social_security_no("number", number.encode()) == number != OUYANG.number
        assert shown[18:26] == number[6:14]
        assert "欧阳晓晴" not in shown
        assert "样例县一号" not in shown
        filled = Exchange(0.0, Way.CAME, said.parts).filled
        folded = 0
        for byte in filled[5:-1]:
            folded ^= byte
        assert folded == filled[-1]

    @pytest.mark.parametrize(
        ("kind", "line", "dialect"),
        [("card", "pcsc:ACS", "apdu"), ("card", "vendor:/usr/x.so", "opaque"), ("fingerprint", "ef01:/dev/x", "ef01"),
         ("fingerprint", "simulated:", "ef01"), ("fingerprint", "simulated:7e42", "7e42"),
         ("fingerprint", "split-nibble:/dev/x", "split-nibble"), ("fingerprint", "wel-abc:/dev/x", "opaque"),
         ("printer", "escpos:usb:1:2", "escpos"), ("page_printer", "ipp://x", "opaque"),
         ("id_card", "samv:/dev/x", "sam_v"), ("scanner", "gm65:/dev/x", "scanner")],
    )  # fmt: skip
    def test_every_line_has_a_dialect_or_is_opaque(self, kind, line, dialect):
        assert dialect_of(kind, line) == dialect


NAME, BIRTHPLACE = "龘靐齉", "爨鼱麤麣"
NUMBER_MARK, TEXT_MARK, BYTES_MARK = "358719430627183495", "MARKEDperson7Q", bytes.fromhex("B7E151628AED2A6ABF71")
MARKS = [
    *(text.encode(coding) for text in (NAME, BIRTHPLACE) for coding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be")),
    NUMBER_MARK.encode(), bytes.fromhex(NUMBER_MARK), TEXT_MARK.encode(), TEXT_MARK.encode("utf-16-le"), BYTES_MARK,
]  # fmt: skip
HEADS = [
    b"", SELECT, EF06, bytes.fromhex("00B2080014"), bytes.fromhex("0812"), bytes.fromhex("091E"), bytes.fromhex("0A01"),
    bytes.fromhex("0110"), bytes.fromhex("0020000009"), bytes.fromhex("0088000010"), bytes.fromhex("00C000000A"),
    bytes.fromhex("EF01FFFFFFFF01"), bytes.fromhex("EF01FFFFFFFF07"), bytes.fromhex("EF01FFFFFFFF020012"),
    bytes.fromhex("EF01FFFFFFFF010003"), bytes.fromhex("02303034"), bytes.fromhex("7E4264"),
    bytes.fromhex("7E4264000000000A"), bytes.fromhex("7E42840000000A"),
    bytes.fromhex("AAAAAA96690508000090"), bytes.fromhex("AAAAAA96690012300190"),
    bytes.fromhex("1D76300002000500"),
    b"\x1b\x40", b"\x10\x04\x01", b"\x5f", b"\x02\x00\x00\x02", b"\x7e\x010000#", b"\x02\x010000@", b"\x7e\x00\x08\x01",
]  # fmt: skip
TAILS = [b"", b"\x90\x00", b"\r", b"\x03", b";\x03", b"\0", b"\x33\x31"]


def hidden() -> list[str]:
    """All ways in which a mark could stand in a file."""
    return [form for mark in MARKS for form in (mark.hex().upper(), mark.decode("latin-1"))]


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["apdu", *LANGUAGES]), st.data())
def test_nothing_of_a_person_is_ever_written_whatever_is_said(dialect, data):
    scrubber = scrubber_of(dialect, Fakes())
    scrubber.opened()
    pieces = st.tuples(st.booleans(), st.sampled_from(HEADS), st.sampled_from(MARKS), st.sampled_from(TAILS))
    said = []
    for number, (sends, head, mark, tail) in enumerate(data.draw(st.lists(pieces, min_size=1, max_size=6))):
        content = head + mark + tail
        said += (scrubber.sent if sends else scrubber.came)(content, 10.0 * number)
    said += scrubber.rest()
    written = "\n".join(line_of(Exchange(one.at, one.way, one.parts, one.remark)) for one in said)
    joined = written.replace(" ", "")
    assert [form for form in hidden() if form in written or form in joined] == []
