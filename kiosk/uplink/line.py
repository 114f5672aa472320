"""The line itself: how bytes reach the county, who may be believed at the other end, and when it asks for peace."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

Line = Callable[[], "httpx.BaseTransport"]
"""Makes what carries requests to the county and answers back."""

CONNECTIONS = 8
LONGEST_REST = 600.0
"""Seconds. A county that asks for more is asked again after this long."""
EXPIRY_WARNING = timedelta(days=30)


def to_county(authority: str = "", url: str = "https:") -> Line:
    """Over the network. ``authority``: a file with the certificate of who signs for the county; "": the system's.

    Where ``url`` needs no TLS, nobody is trusted, and the system's list of authorities is not loaded.
    """
    return partial(_network, authority, secure=bool(authority) or url.startswith("https:"))


def _network(authority: str, *, secure: bool) -> httpx.BaseTransport:
    """No proxy of the environment, no older TLS than 1.2; raises OSError or ssl.SSLError for an unusable authority."""
    import httpx  # noqa: PLC0415  0.25 s that a start does not need

    trust = ssl.create_default_context(cafile=authority or None) if secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trust.minimum_version = ssl.TLSVersion.TLSv1_2
    return httpx.HTTPTransport(verify=trust, trust_env=False, limits=httpx.Limits(max_connections=CONNECTIONS))


def distrust(error: BaseException) -> str:
    """Why the other end is not believed to be the county; "" where the line failed for another reason."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return seen.verify_message
        if isinstance(seen, ssl.SSLError):
            return seen.reason or "no TLS"
        seen = seen.__cause__ or seen.__context__
    return ""


def rest_asked(headers: Mapping[str, str]) -> float | None:
    """Seconds until the county wants to be asked again (Retry-After, RFC 9110 §10.2.3), at most LONGEST_REST."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return float(min(int(said[:9]), LONGEST_REST))
    try:
        until = parsedate_to_datetime(said)
        since = parsedate_to_datetime(headers.get("date", ""))
    except (TypeError, ValueError):
        return None
    if until.tzinfo is None or since.tzinfo is None:
        return None
    return min(max((until - since).total_seconds(), 0.0), LONGEST_REST)


def certificate_ends(extensions: Mapping[str, Any]) -> datetime | None:
    """The last moment of the county's certificate as this answer's connection showed it; None without TLS."""
    stream = extensions.get("network_stream")
    tls = stream.get_extra_info("ssl_object") if stream is not None else None
    shown = tls.getpeercert() if tls is not None else None
    ends = shown.get("notAfter") if shown else None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(ends)), UTC) if ends else None


def expires_soon(ends: datetime | None, now: datetime) -> bool:
    """True where somebody has to renew the county's certificate now."""
    return ends is not None and ends - now <= EXPIRY_WARNING
