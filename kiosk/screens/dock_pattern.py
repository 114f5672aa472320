"""What the pattern page fills the parts with: invented, of every state a part can have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kiosk.resident_service import Tile
from kiosk.screens.places import DeskView
from kiosk.visit import Contrast, Modes, Reach, Sound, TextSize


@dataclass(frozen=True)
class PatternMonth:
    """A month of contributions."""

    label: str
    amount: int
    gap: bool


@dataclass(frozen=True)
class Pattern:
    """Samples for the parts page."""

    now: datetime
    vacant: DeskView
    visiting: DeskView
    serving: DeskView
    tiles: tuple[Tile, ...]
    full_year: tuple[PatternMonth, ...]
    gap_year: tuple[PatternMonth, ...]
    plain_modes: Modes
    all_modes: Modes


def pattern(now: datetime) -> Pattern:
    """Samples at this time."""
    return Pattern(
        now=now,
        vacant=DeskView(vacant=True, serving=False, name_masked="", county_cut=False),
        visiting=DeskView(vacant=False, serving=False, name_masked="", county_cut=False),
        serving=DeskView(vacant=False, serving=True, name_masked="李*", county_cut=False),
        tiles=(
            Tile("找工作", "briefcase", "今天 512 个岗位", needs_card=False, hue="jobs", href="/dock/parts"),
            Tile("参保信息查询", "book", "", needs_card=True, hue="insurance", href="/dock/parts"),
        ),
        full_year=tuple(PatternMonth(f"{month}月", 400, gap=False) for month in range(1, 13)),
        gap_year=tuple(PatternMonth(f"{month}月", 0 if month == 6 else 400, gap=month == 6) for month in range(1, 13)),  # noqa: PLR2004  June is missing
        plain_modes=Modes(),
        all_modes=Modes(TextSize.LARGE, Contrast.HIGH, Reach.LOW, sound=Sound.ON),
    )
