"""Which sensor is simulated: sizes, what it knows, how fast it is; reference/serial-devices.md §1.4, §1.5, §1.7."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from devices.fingerprint.simulated.faults import LATE_SECONDS


class Lamp(StrEnum):
    """What a model has to shine with: nothing to command, codes 50/51, or the ring of code 35."""

    NONE = "none"
    PLAIN = "plain"
    RING = "ring"


@dataclass(frozen=True)
class WorkingTimes:
    """Seconds the sensor itself takes; none at all unless told."""

    look: float = 0.0
    capture: float = 0.0
    extract: float = 0.0
    match: float = 0.0


MEASURED = WorkingTimes(look=0.007, capture=0.6, extract=0.39, match=0.01)
"""As logged at 57600 baud (§1.7); a single comparison by the figure of the R503."""


@dataclass(frozen=True)
class SensorModel:
    """What kind of sensor it is; the defaults are a ZFM-20. ``packet_code`` 0..3 means 32..256 bytes a packet.

    ``picture_size`` 0: it uploads none. ``handshakes``: which of 13, 40 and 53 it knows. ``receipt_code``: what it
    says after a download. ``noisy_frames``, ``noisy_bits``: what FLIPPED_BITS hits, of all frames or of all bits.
    """

    template_size: int = 512
    packet_code: int = 2
    system_id: int = 0
    capacity: int = 162
    stored: int = 0
    security_level: int = 3
    password: int = 0
    baud: int = 57600
    working: WorkingTimes = field(default_factory=WorkingTimes)
    picture_size: int = 36864
    lamp: Lamp = Lamp.NONE
    handshakes: tuple[int, ...] = (0x13,)
    unknown_code: int = 0x01
    firmware: str = ""
    product: str = ""
    long_answers: bool = True
    knows_parameters: bool = True
    knows_count: bool = True
    uploads_empty_buffer: bool = True
    receipt_code: int | None = None
    boot_byte: bool = False
    written_at_once: int = 0
    late_seconds: float = LATE_SECONDS
    noisy_frames: float = 0.01
    noisy_bits: float = 0.0
    noise_seed: int = 1


ZFM20 = SensorModel()
AS608 = SensorModel(template_size=768, system_id=9, capacity=300, lamp=Lamp.PLAIN, handshakes=(0x13, 0x53))
R503 = SensorModel(
    template_size=1536, capacity=200, picture_size=18432, lamp=Lamp.RING, handshakes=(0x13, 0x40), unknown_code=0xFC,
    firmware="R503 FW 1.4.0", product="R503", boot_byte=True,
)  # fmt: skip
R308 = SensorModel(capacity=500, long_answers=False, knows_parameters=False, knows_count=False)
