"""The keys of the kiosks as which the kit asks: two files of 32 raw bytes each, as a kiosk keeps them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from contract.enrolment import KioskEnrolment, written

SIGNING, RECEIVING = "signing", "receiving"
SITE = "510521"
"""Where the kit says it stands, unless the file of test persons says otherwise."""
LENGTH = 32


class KeysError(ValueError):
    """A file of keys that cannot be used; the message names it."""


@dataclass(frozen=True, repr=False)
class TestKiosk:
    """Both private keys and what the county is shown of them."""

    signing: Ed25519PrivateKey
    receiving: X25519PrivateKey
    name: str = "conformance kit"
    site: str = SITE

    @property
    def enrolment(self) -> KioskEnrolment:
        """What the county is shown."""
        return KioskEnrolment(
            name=self.name, site=self.site, version="kit",
            signing_key=written(self.signing.public_key()), receiving_key=written(self.receiving.public_key()),
        )  # fmt: skip


def fresh_kiosk(name: str, site: str = SITE) -> TestKiosk:
    """A kiosk that no county knows."""
    return TestKiosk(Ed25519PrivateKey.generate(), X25519PrivateKey.generate(), name, site)


def kiosk_in(file: Path, site: str = SITE) -> TestKiosk:
    """The kiosk whose signing key is in ``file``, its receiving key beside it; both are made where neither is there.

    The name of ``file`` holds the word "signing" ("kiosk-signing"); KeysError.
    """
    if SIGNING not in file.name:
        raise KeysError(f'{file}: the name of a key file holds "{SIGNING}", with "{RECEIVING}" beside it')
    beside = file.with_name(file.name.replace(SIGNING, RECEIVING))
    if not file.exists() and not beside.exists():
        for place in (file, beside):
            _make(place)
    try:
        return TestKiosk(
            Ed25519PrivateKey.from_private_bytes(file.read_bytes()),
            X25519PrivateKey.from_private_bytes(beside.read_bytes()),
            site=site,
        )
    except OSError as error:
        raise KeysError(f"{error.filename}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise KeysError(f"{file}, {beside.name}: not {LENGTH} raw bytes each") from error


def _make(place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(os.urandom(LENGTH))
