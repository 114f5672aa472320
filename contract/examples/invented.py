"""Invented people, places and keys that the examples share."""

from __future__ import annotations

from datetime import UTC, date, datetime

NUMBER = "51059919520315001X"
NAME = "示例居民"
TOWN = "510521106"
CARD = "510521D1560000050F1E2D3C4B5A6978"
NOW = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
YESTERDAY, LATER = date(2026, 11, 19), date(2027, 3, 31)
PICTURE = "3b1f0d5c" * 8
KEY = "YW4gZXhhbXBsZSBvZiAzMiBieXRlcyBsb25nIGtleXM="
BASE64 = "c2VhbGVkIGNvbnRlbnQ="
