"""Any bytes at any decoder: a result or a DeviceError, in bounded time; `make fuzz` looks for longer."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.decoders import DECODERS, pieces

ROOT = Path(__file__).parents[2]
READ_NOTHING = (
    "address", "codes", "slots", "described", "raster", "typeface", "files", "id_number",
    "printer.commands", "simulated_cards", "tapped", "virtual.keys", "virtual.rights", "ef01.curtain", "devices.sex",
    "key_service", "frame_hunt", "card.new_pin",
)  # fmt: skip
"""Pure files that decode no device's bytes, or do so through another that is tried (files: by chip)."""


def around(seeds: tuple[bytes, ...]) -> st.SearchStrategy[bytes]:
    """Noise, and good messages with something cut out, put in or turned over."""
    noise = st.binary(max_size=400)
    if not seeds:
        return noise
    bent = st.builds(
        lambda seed, place, cut, put: seed[: place % (len(seed) + 1)] + put + seed[place % (len(seed) + 1) + cut :],
        st.sampled_from(seeds), st.integers(0, 600), st.integers(0, 3), st.binary(max_size=4),
    )  # fmt: skip
    return st.one_of(noise, bent, st.builds(bytes.__add__, bent, bent))


@pytest.mark.parametrize("name", DECODERS)
def test_any_bytes_give_a_result_or_a_device_error(name):
    decoder = DECODERS[name]

    @settings(max_examples=200, deadline=None)
    @given(around(decoder.seeds))
    def look(content: bytes) -> None:
        assert decoder(content) is None  # whatever else it raises fails here

    look()


@pytest.mark.parametrize("name", DECODERS)
@pytest.mark.parametrize(
    "filling", [b"\x00", b"\xff", b"\xef\x01", b"\x7e\x42", b"\xaa\x96", b"\x02", b"0"], ids=bytes.hex
)
def test_a_flood_takes_no_more_time_than_its_length(name, filling):
    flood = (b"\x24" + (filling * 37)[:37]) * 1500
    began = time.process_time()
    DECODERS[name](flood)
    assert time.process_time() - began < 5


def test_every_file_that_reads_a_devices_bytes_is_tried():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    pure = next(row["source_modules"] for row in contracts if "drawings are pure" in row["name"])
    reading = {module for module in pure if not module.endswith(READ_NOTHING)}
    assert reading <= {decoder.reads for decoder in DECODERS.values()}


def test_a_stream_is_delivered_whole():
    assert b"".join(pieces(b"\x02abc\x00d")) == b"abcd"
