"""This kiosk's two key pairs: one to sign its requests with, one that the county seals to. Files of mode 0600."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from contract.enrolment import KioskEnrolment, written
from contract.signatures import Outgoing, sign
from kiosk import VERSION
from kiosk.secret_files import secret_file
from kiosk.uplink.county_time import CountyTime


@dataclass(frozen=True, repr=False)
class KioskKeys:
    """Both private keys. What may be shown of them is in ``enrolment``."""

    signing: Ed25519PrivateKey
    receiving: X25519PrivateKey

    def enrolment(self, name: str, site: str) -> KioskEnrolment:
        """What the county is shown: public keys, name and site."""
        return KioskEnrolment(
            name=name, site=site, version=VERSION,
            signing_key=written(self.signing.public_key()), receiving_key=written(self.receiving.public_key()),
        )  # fmt: skip


def open_keys(folder: Path) -> KioskKeys:
    """The keys in ``folder``, made where they are not there yet."""
    return KioskKeys(
        Ed25519PrivateKey.from_private_bytes(secret_file(folder / "kiosk-signing")),
        X25519PrivateKey.from_private_bytes(secret_file(folder / "kiosk-receiving")),
    )


@dataclass(frozen=True, repr=False)
class Signer:
    """Signs what goes to the county, by the county's time as far as this machine knows it."""

    keys: KioskKeys
    enrolment: KioskEnrolment
    time: CountyTime

    def headers(self, request: Outgoing) -> dict[str, str]:
        """The headers of ``request`` with digest and signature; every call has a nonce of its own."""
        sign(request, self.keys.signing, self.enrolment.key_id, self.time.now(), secrets.token_urlsafe(18))
        return request.headers
