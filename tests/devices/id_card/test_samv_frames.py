"""Frames of SAM_V modules: the vectors of reference/card.md V9 and serial-devices.md §9.4, and everything broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.device import DeviceError, DeviceGarbled
from devices.id_card.samv_frames import Answer, AnswerParser, Command, Status, encode, module_number, text_of
from devices.id_card.simulated import frame_of

TEXT = bytes.fromhex(
    "276B33965366746620002000200020002000200020002000200020002000320030003100310039003900300030003100"
    "300031004B6DD58B01774B6DD58B025E37688B4FBF53004EF75320002000200020002000200020002000200020002000"
    "200020002000200020002000200020002000200020002000200036003300390039003000300031003900390030003000"
    "310030003100300030003200300037688B4FBF536C51895B405C20002000200020002000200020002000200032003000"
    "320030003000310030003100320030003400300030003100300031002000200020002000200020002000200020002000"
    "20002000200020002000200020002000"
)
"""V9: 欧阳晓晴, 2, 01, 19900101, 测试省测试市样例县一号, 639900199001010020, 样例县公安局, 20200101-20400101."""

READ_ANSWER = bytes.fromhex("AAAAAA9669050800009001000400") + TEXT + bytes(1024) + b"\x57"

REQUESTS = {
    Command.RESET: "AAAAAA9669000310FFEC",
    Command.STATUS: "AAAAAA9669000311FFED",
    Command.NUMBER: "AAAAAA9669000312FFEE",
    Command.FIND: "AAAAAA96690003200122",
    Command.SELECT: "AAAAAA96690003200221",
    Command.READ: "AAAAAA96690003300132",
}

ANSWERS = [
    ("AAAAAA9669000800009F0000000097", Status.FOUND, 4),
    ("AAAAAA9669000C00009000000000000000009C", Status.DONE, 8),
    ("AAAAAA9669000400008084", Status.NOTHING_FOUND, 0),
    ("AAAAAA9669000400008185", Status.NOT_SELECTED, 0),
    ("AAAAAA9669000400004145", Status.READ_FAILED, 0),
    ("AAAAAA9669000400001014", Status.CHECKSUM_WRONG, 0),
    ("AAAAAA9669000400009195", Status.NO_CONTENT, 0),
    ("AAAAAA9669000400009094", Status.DONE, 0),
    ("AAAAAA9669000400006064", Status.SELF_TEST_FAILED, 0),
]


@pytest.mark.parametrize("command", REQUESTS)
def test_requests_are_those_of_the_sources(command):
    assert encode(command).hex().upper() == REQUESTS[command]


def test_the_reset_of_one_driver_of_the_field_differs_in_one_byte():
    """card.md §4 and most drivers send 10 FF, the one of serial-devices.md §7 sends 01 FF: both can be said."""
    assert (encode(Command.RESET)[7], encode(Command.RESET_OLD)[7]) == (0x10, 0x01)


@pytest.mark.parametrize(("frame", "status", "size"), ANSWERS)
def test_answers_of_the_sources_are_understood(frame, status, size):
    (answer,) = AnswerParser().feed(bytes.fromhex(frame))
    assert (answer.status, len(answer.content)) == (status, size)


def test_the_long_answer_gives_its_text_and_passes_over_the_photo():
    assert len(READ_ANSWER) == 1295
    (answer,) = AnswerParser().feed(READ_ANSWER)
    assert text_of(answer) == TEXT
    assert "欧" not in repr(answer)


def test_an_answer_with_fingerprints_gives_the_same_text():
    content = bytes.fromhex("010004000400") + TEXT + bytes(1024) + b"F" * 1024
    frame = frame_of(0x90, content)
    assert len(frame) == 2321
    (answer,) = AnswerParser().feed(frame)
    assert text_of(answer) == TEXT
    assert text_of(Answer(0x90, bytes.fromhex("010004000000") + TEXT + bytes(1024))) == TEXT


@pytest.mark.parametrize(
    "content",
    [b"", b"\x01", bytes.fromhex("01000400"), bytes.fromhex("01000401") + TEXT + bytes(1024),
     bytes.fromhex("00FF") + TEXT, bytes.fromhex("01000000") + TEXT + b"\x00", bytes.fromhex("FFFFFFFF") + TEXT],
)  # fmt: skip
def test_lengths_that_do_not_add_up_are_garbled(content):
    with pytest.raises(DeviceGarbled):
        text_of(Answer(0x90, content))


def test_every_split_of_a_long_answer_gives_the_same():
    for cut in range(1, len(READ_ANSWER), 7):
        parser = AnswerParser()
        answers = parser.feed(READ_ANSWER[:cut]) + parser.feed(READ_ANSWER[cut:])
        assert [answer.content for answer in answers] == [READ_ANSWER[10:-1]]


@pytest.mark.parametrize(("frame", "status", "_size"), ANSWERS)
def test_a_short_answer_may_come_byte_by_byte(frame, status, _size):
    parser = AnswerParser()
    heard = [answer for byte in bytes.fromhex(frame) for answer in parser.feed(bytes([byte]))]
    assert [answer.status for answer in heard] == [status]
    assert (parser.held, parser.skipped) == (0, 0)


def test_answers_that_are_glued_together_are_told_apart():
    glued = b"".join(bytes.fromhex(frame) for frame, _, _ in ANSWERS)
    assert [answer.status for answer in AnswerParser().feed(glued)] == [status for _, status, _ in ANSWERS]


@pytest.mark.parametrize(
    "noise", [b"\x00", b"\xaa", b"\xaa\xaa\xaa\x96", b"\xaa\xaa\xaa\x96\x69\xff\xff", b"\xaa" * 9, bytes(range(200))]
)
def test_noise_before_an_answer_is_passed_over(noise):
    parser = AnswerParser()
    good = bytes.fromhex(ANSWERS[0][0])
    heard = parser.feed(noise + good) or parser.give_up()
    assert [answer.status for answer in heard] == [Status.FOUND]


def test_a_header_inside_the_text_does_not_begin_a_frame():
    frame = frame_of(0x90, b"\xaa\xaa\xaa\x96\x69\x00\x04\x00\x00\x80\x84" * 3)
    (answer,) = AnswerParser().feed(frame)
    assert len(answer.content) == 33


def test_our_own_request_coming_back_is_no_answer():
    parser = AnswerParser()
    assert [answer.status for answer in parser.feed(encode(Command.FIND) + bytes.fromhex(ANSWERS[0][0]))] == [
        Status.FOUND
    ]


def test_a_wrong_checksum_is_no_answer_and_costs_only_itself():
    parser = AnswerParser()
    broken = bytes.fromhex("AAAAAA9669000400008085")
    assert parser.feed(broken) == []
    assert parser.broken_frames == 1
    assert [answer.status for answer in parser.feed(bytes.fromhex(ANSWERS[2][0]))] == [Status.NOTHING_FOUND]


@pytest.mark.parametrize("length", ["0000", "0003", "FFFF", "0961"])
def test_a_length_that_no_answer_has_is_passed_over(length):
    parser = AnswerParser()
    heard = parser.feed(bytes.fromhex(f"AAAAAA9669{length}00008084") + bytes.fromhex(ANSWERS[0][0]))
    assert [answer.status for answer in heard] == [Status.FOUND]


def test_a_length_that_lies_swallows_an_answer_only_until_it_is_given_up():
    parser = AnswerParser()
    assert parser.feed(bytes.fromhex("AAAAAA9669004400008084") + bytes.fromhex(ANSWERS[0][0])) == []
    assert [answer.status for answer in parser.give_up()] == [Status.FOUND]
    assert parser.held == 0
    assert parser.broken_frames


def test_the_modules_own_number_is_told_in_hexadecimal():
    assert module_number(Answer(0x90, bytes(range(16)))) == "000102030405060708090A0B0C0D0E0F"
    assert module_number(Answer(0x90, b"123")) == ""


def test_a_code_that_no_source_names_has_no_words():
    assert Answer(0x55, b"").status is None


@given(st.lists(st.binary(max_size=600), max_size=6))
def test_any_bytes_are_bounded_and_give_texts_or_device_errors(portions):
    parser = AnswerParser()
    answers = [answer for portion in portions for answer in parser.feed(portion)]
    assert parser.held <= 2407
    for answer in answers + parser.give_up():
        try:
            assert len(text_of(answer)) == 256
        except DeviceError as error:
            assert isinstance(error, DeviceGarbled)  # noqa: PT017 - either is right
    assert parser.held == 0


@given(st.binary(max_size=40), st.integers(0, 255), st.binary(max_size=300))
def test_a_good_frame_is_found_behind_any_noise(noise, code, content):
    parser = AnswerParser()
    heard = parser.feed(noise + frame_of(code, content))
    heard += parser.give_up()
    assert Answer(code, content) in heard
