"""Fault 18: bits flip on the line. Right verdicts in spite of it, and never a wrong one; every run flips the same bits.

"1 % of flipped bits" cannot be meant of single bits: of an answer of 12 bytes one in three would come through, of a
template packet none. It is read as the matrix's own source has it, the share of transmissions that must be sent again:
one frame in a hundred is hit, in either direction, by one to three flipped bits.
"""

from dataclasses import replace

import pytest

from devices.device import DeviceError
from devices.fingerprint import MatchVerdict
from devices.fingerprint.simulated.sensor import SensorFault, SensorModel
from tests.devices.fingerprint.conftest import QUICK

MATCHES = 200
HASTY = replace(QUICK, answer=0.12, probe=0.12, packet=0.12, quiet=0.03, poll=0.001)
FORGETFUL = 0.005  # a poll: three of them, and the sensor drops half a frame, long before it is asked again
EXPECTED = {"zhang": MatchVerdict.MATCHED, "li": MatchVerdict.DIFFERENT}


def outcomes(booth, count):
    """What came of so many tries, the right finger and another in turn: verdicts and errors."""
    came = []
    for number in range(count):
        finger = "zhang" if number % 2 else "li"
        booth.sensor.place_finger(finger)
        try:
            came.append((finger, booth.match("zhang", seconds=30).verdict))
        except DeviceError as error:
            came.append((finger, type(error)))
    return came


def test_fault_18_one_frame_in_a_hundred_hit_by_noise(build):
    booth = build(model=SensorModel(noisy_frames=0.01, noise_seed=20), patience=HASTY, poll=FORGETFUL).once()
    booth.sensor.fail(SensorFault.FLIPPED_BITS)
    came = outcomes(booth, MATCHES)
    right = sum(EXPECTED[finger] is outcome for finger, outcome in came)
    accepted = [finger for finger, outcome in came if outcome is MatchVerdict.MATCHED]
    assert accepted.count("li") == 0
    assert right >= 0.99 * MATCHES
    assert booth.sensor._noise.flipped > MATCHES / 10
    assert booth.counters["resyncs"] > MATCHES / 20


@pytest.mark.parametrize("share", [0.001, 0.01])
def test_single_bits_flipping_everywhere_never_let_the_wrong_finger_in(build, share):
    booth = build(model=SensorModel(noisy_bits=share, noise_seed=7), patience=HASTY, poll=FORGETFUL).once()
    for _ in range(4):
        booth.sensor.mend()
        booth.once()
        booth.sensor.fail(SensorFault.FLIPPED_BITS)
        [(finger, outcome)] = outcomes(booth, 1)
        assert finger == "li"
        assert outcome is not MatchVerdict.MATCHED
