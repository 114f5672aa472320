"""The vendor's library compares: ours is a small one of the same call, compiled here."""

import ctypes
import shutil
import subprocess
from pathlib import Path

import pytest

from devices.device import DeviceFault, HealthState
from devices.fingerprint import MatchVerdict, TemplateRefused
from devices.fingerprint.features.vendor_match import ROOM, VendorLibrary, read_verdict
from devices.fingerprint.simulated.fingers import capture_of, template_of
from tests.devices.fingerprint.feature_booth import DIALECTS, Booth, until

SOURCE = Path(__file__).parent / "fpi_match.c"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("no C compiler on this machine")
    built = tmp_path_factory.mktemp("vendor") / "libfpi.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", built, SOURCE], check=True, timeout=60)  # noqa: S603 - our own source
    return str(built)


def test_the_same_finger_is_the_same_and_another_is_not(library):
    vendor = VendorLibrary(library, 3)
    vendor.load()
    assert vendor.same(template_of("zhang", 256), capture_of("zhang", 1, 256))
    assert not vendor.same(template_of("zhang", 256), capture_of("li", 1, 256))
    assert ctypes.CDLL(library).calls_so_far() == 2


@pytest.mark.parametrize("code", [204, 205])
def test_a_template_the_library_cannot_read_is_refused(library, code):
    with pytest.raises(TemplateRefused, match=str(code)):
        VendorLibrary(library, 3).same(bytes([0xEE, code]) + bytes(254), bytes(256))


@pytest.mark.parametrize("code", [2, 7, 101, 116])
def test_a_library_that_fails_is_a_fault_and_no_verdict(library, code):
    with pytest.raises(DeviceFault, match=str(code)):
        VendorLibrary(library, 3).same(bytes([0xEE, code]) + bytes(254), bytes(256))


def test_what_does_not_fit_the_room_behind_a_pointer_is_not_handed_over(library):
    with pytest.raises(TemplateRefused):
        VendorLibrary(library, 3).same(bytes(ROOM + 1), bytes(256))


def test_two_sources_name_a_different_finger_differently_and_both_are_believed():
    assert read_verdict(0)
    assert not read_verdict(-1)  # "below 0: not the same"
    assert not read_verdict(-201)  # libFPDevICBC.h


def test_a_number_no_header_names_is_never_a_match():
    for code in (1, 100, 255):
        with pytest.raises(DeviceFault):
            read_verdict(code)


def test_a_library_that_is_not_there_puts_the_sensor_out_of_service_by_name(tmp_path):
    absent = tmp_path / "absent.so"
    with Booth("7e42", query=f"?library={absent}", matcher=None) as booth:
        with pytest.raises(DeviceFault, match=r"absent\.so"):
            booth.match("zhang")
        assert booth.reader.board.health.state is HealthState.FAULT


def test_a_library_without_the_call_says_which_call(tmp_path):
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("no C compiler on this machine")
    source, built = tmp_path / "empty.c", tmp_path / "libempty.so"
    source.write_text("int nothing(void) { return 0; }\n")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", built, source], check=True, timeout=60)  # noqa: S603 - our own source
    with pytest.raises(DeviceFault, match="FPIMatch"):
        VendorLibrary(str(built), 3).load()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_resident_is_matched_through_the_library_that_the_line_names(library, dialect):
    with Booth(dialect, query=f"?library={library}&level=5", matcher=None).attended() as booth:
        booth.sensor.place_finger("zhang")
        assert booth.match("zhang").verdict is MatchVerdict.MATCHED
        booth.sensor.place_finger("li")
        assert booth.match("zhang").verdict is MatchVerdict.DIFFERENT
        until(lambda: booth.reader.board.health.ready)
