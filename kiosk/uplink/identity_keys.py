"""This kiosk's key pairs: one to sign its requests with, one that the county seals to. Files of mode 0600."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from contract.enrolment import KioskEnrolment, written
from contract.signatures import Outgoing, sign
from kiosk import VERSION
from kiosk.secret_files import handed_over, replace_file, secret_file
from kiosk.uplink.county_time import CountyTime

PRESENT = "kiosk-keys"
"""The file with the number of the present pair: one name for two files, so that they change in one instant."""
ANNOUNCED = "kiosk-keys-announced"
"""The file with the number of the pair that the county may have heard of."""


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
    """The present keys in ``folder``, made where they are not there yet."""
    return _pair(folder, present_number(folder))


def present_number(folder: Path) -> int:
    """Which pair of ``folder`` is the present one: 0 the first, and one more each time the keys were renewed."""
    try:
        return int((folder / PRESENT).read_text(encoding="ascii"))
    except FileNotFoundError:
        return 0


def _pair(folder: Path, number: int) -> KioskKeys:
    signing, receiving = _files(folder, number)
    return KioskKeys(
        Ed25519PrivateKey.from_private_bytes(secret_file(signing)),
        X25519PrivateKey.from_private_bytes(secret_file(receiving)),
    )


def _files(folder: Path, number: int) -> tuple[Path, Path]:
    mark = f"-{number}" if number else ""
    return folder / f"kiosk-signing{mark}", folder / f"kiosk-receiving{mark}"


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


@dataclass(frozen=True)
class KeyDrawer:
    """The folder with the pairs of this kiosk: the present one, and while the keys are renewed the upcoming one too.

    A machine that dies anywhere in between finds both, and goes on (``kiosk/uplink/registration.py``).
    """

    folder: Path
    name: str
    site: str
    time: CountyTime

    def present(self) -> Signer:
        """Signs with the present pair, made where there is none."""
        return self._signer(open_keys(self.folder))

    def upcoming(self) -> Signer | None:
        """Signs with the pair that will follow; None while none is made."""
        number = present_number(self.folder) + 1
        return self._signer(_pair(self.folder, number)) if _files(self.folder, number)[0].exists() else None

    def make_upcoming(self) -> Signer:
        """Make the pair that will follow; the one that is there already stays."""
        return self._signer(_pair(self.folder, present_number(self.folder) + 1))

    def note_announced(self) -> None:
        """The upcoming pair is about to be announced: from now on the county may know it."""
        if not self.announced:
            replace_file(self.folder / ANNOUNCED, str(present_number(self.folder) + 1).encode())

    @property
    def announced(self) -> bool:
        """True where the county may know the upcoming pair."""
        try:
            told = int((self.folder / ANNOUNCED).read_text(encoding="ascii"))
        except FileNotFoundError:
            return False
        return told == present_number(self.folder) + 1

    def take_upcoming(self) -> None:
        """The upcoming pair is the present one from now on; the one before is removed."""
        number = present_number(self.folder)
        replace_file(self.folder / PRESENT, str(number + 1).encode())
        self._remove(number)

    def discard_upcoming(self) -> None:
        """The county will not have it."""
        self._remove(present_number(self.folder) + 1)
        (self.folder / ANNOUNCED).unlink(missing_ok=True)

    def _remove(self, number: int) -> None:
        for file in _files(self.folder, number):
            file.unlink(missing_ok=True)

    def made_at(self) -> float | None:
        """When the present pair was made, in seconds since 1970 (this machine's own clock); None of one handed over."""
        signing, _ = _files(self.folder, present_number(self.folder))
        return None if handed_over(signing.name) else signing.stat().st_mtime

    def _signer(self, keys: KioskKeys) -> Signer:
        return Signer(keys, keys.enrolment(self.name, self.site), self.time)
