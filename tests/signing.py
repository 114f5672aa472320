"""A kiosk's keys for tests, and a Flask client that signs what it asks as a kiosk does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from flask.testing import FlaskClient

from contract.enrolment import KioskEnrolment
from contract.operations import PUBLIC
from contract.signatures import Outgoing
from kiosk.clock import Clock
from kiosk.uplink.county_time import CountyTime
from kiosk.uplink.identity_keys import KioskKeys, Signer

SITE = "510521109"


def new_keys() -> KioskKeys:
    return KioskKeys(Ed25519PrivateKey.generate(), X25519PrivateKey.generate())


class TimeOf(CountyTime):
    """The county's time as a test knows it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__(Clock("Asia/Shanghai"))
        self._now = now

    def now(self) -> datetime:
        return self._now()


def a_signer(
    keys: KioskKeys | None = None, now: Callable[[], datetime] | None = None, name: str = "kiosk-01"
) -> Signer:  # fmt: skip
    keys = keys or new_keys()
    return Signer(keys, keys.enrolment(name, SITE), TimeOf(now or Clock("Asia/Shanghai").now))


def enrolment_in(folder) -> KioskEnrolment:
    """What the kiosk with its files in ``folder`` will show the county."""
    from kiosk.uplink.identity_keys import open_keys  # noqa: PLC0415 - makes the keys where they are missing

    return open_keys(folder / "secrets").enrolment("kiosk", SITE)


def as_it_travels(request) -> str:
    """Path and query, percent-encoded."""
    query = request.query_string.decode("latin-1")
    return quote(request.path, safe="/:@!$&'()*+,;=-._~") + (f"?{query}" if query else "")


class SigningClient(FlaskClient):
    """Signs every request that is not public; ``signer`` None: none."""

    signer: Signer | None = None

    def open(self, *args, **kwargs):
        request = self._request_from_builder_args(args, kwargs)
        try:
            content = request.get_data()
            environ = dict(request.environ) | {"wsgi.input": BytesIO(content)}
            if self.signer is not None and not request.path.startswith(PUBLIC):
                target = as_it_travels(request)
                asked = Outgoing(request.method, target, dict(request.headers), content)
                for name, value in self.signer.headers(asked).items():
                    if name in ("Content-Digest", "Signature-Input", "Signature"):
                        environ.setdefault(f"HTTP_{name.upper().replace('-', '_')}", value)
            return super().open(environ, buffered=kwargs.get("buffered", False))
        finally:
            request.close()
