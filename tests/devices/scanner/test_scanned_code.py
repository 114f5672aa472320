"""A scanned code: handed on once, shown to nobody."""

import copy
import pickle

import pytest

from devices.scanner import ScannedCode, wipe

SECRET = b"E5C1A0FFEE00112233445566778899AA"


def test_the_content_is_taken_once_and_is_gone_then():
    code = ScannedCode.of(bytearray(SECRET))
    assert code.take() == SECRET
    with pytest.raises(LookupError):
        code.take()
    assert code.length == len(SECRET)


def test_whoever_takes_it_can_overwrite_the_only_copy():
    content = bytearray(SECRET)
    code = ScannedCode.of(content)
    taken = code.take()
    assert taken is content
    wipe(taken)
    assert content == b""


def test_what_nobody_takes_is_overwritten():
    content = bytearray(SECRET)
    code = ScannedCode.of(content)
    code.forget()
    code.forget()
    assert content == b""
    with pytest.raises(LookupError):
        code.take()


def test_it_shows_its_length_and_nothing_else():
    code = ScannedCode.of(bytearray(SECRET))
    shown = "ScannedCode(32 characters)"
    assert f"{code} {code!r} {[code]}" == f"{shown} {shown} [{shown}]"
    assert code != ScannedCode.of(bytearray(SECRET)), "two codes cannot be compared"


def test_it_cannot_be_written_down_or_doubled():
    code = ScannedCode.of(bytearray(SECRET))
    for act in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            act(code)


def test_whoever_drops_it_untaken_overwrites_it():
    content = bytearray(SECRET)
    ScannedCode.of(content)
    assert content == b""
