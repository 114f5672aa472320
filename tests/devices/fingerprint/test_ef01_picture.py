"""A picture in two numbers: drawn fingers, empty glass, and anything at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.device import DeviceGarbled
from devices.fingerprint.ef01.picture import WIDTHS, quality_of
from devices.fingerprint.simulated.picture import SHAPES, picture_of
from devices.fingerprint.simulated.sensor import FingerQuality

SIZES = sorted(WIDTHS)


def test_simulator_and_driver_mean_the_same_sizes():
    assert {size: wide for size, (wide, _high) in SHAPES.items()} == dict(WIDTHS)
    assert all(wide * high // 2 == size for size, (wide, high) in SHAPES.items())


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("shade", [0x00, 0xDD, 0xFF])
def test_an_empty_glass_shows_nothing(size, shade):
    quality = quality_of(bytes([shade]) * size)
    assert (quality.coverage, quality.contrast) == (0.0, 0.0)


@pytest.mark.parametrize("size", SIZES)
def test_the_strongest_ridges_fill_the_glass(size):
    quality = quality_of(bytes([0x00, 0xFF]) * (size // 2))  # two dark pixels, two light ones
    assert (quality.coverage, quality.contrast) == (1.0, 1.0)


def test_half_a_glass_is_half_covered():
    quality = quality_of(bytes([0x00, 0xFF]) * (36864 // 4) + b"\xdd" * (36864 // 2))
    assert quality.coverage == pytest.approx(0.5)
    assert quality.contrast == 1.0


def test_a_speck_of_noise_is_no_ridge():
    picture = bytearray(b"\xdd" * 18432)
    for at in range(0, len(picture), 100):
        picture[at] = 0x0D
    assert quality_of(picture).coverage == 0.0


def test_a_dry_finger_is_pale_and_a_corner_of_one_small():
    good, dry, small = (
        quality_of(picture_of("zhang", quality, 36864))
        for quality in (FingerQuality.GOOD, FingerQuality.DRY, FingerQuality.SMALL)
    )
    assert dry.contrast < 0.7 * good.contrast
    assert small.coverage < 0.5 * good.coverage


@given(st.binary(max_size=300))
def test_a_length_of_no_sensor_is_garbled(picture):
    with pytest.raises(DeviceGarbled, match=f"a picture of {len(picture)} bytes"):
        quality_of(picture)


@given(st.binary(min_size=64, max_size=64), st.sampled_from(SIZES))
def test_whatever_the_pixels_both_numbers_are_shares(piece, size):
    quality = quality_of(piece * (size // 64))
    assert 0.0 <= quality.coverage <= 1.0
    assert 0.0 <= quality.contrast <= 1.0
