"""What makes a slip prove itself: the text of its QR, signed by this machine, cut off or not."""

from __future__ import annotations

import secrets

from contract.receipt_token import SALT_BYTES, ReceiptKind, ReceiptResult, ReceiptToken, code_of, issue, salt_from
from kiosk.identity import Resident
from kiosk.machine import machine


def proof(kind: ReceiptKind, number: str, result: ReceiptResult, resident: Resident) -> str:
    """The text for the QR of one slip, behind the address of the page that checks it where the settings name one.

    Takes a fifth of a second on purpose: so long takes everybody who tries numbers against it.
    """
    here, salt = machine(), salt_from(secrets.token_bytes(SALT_BYTES))
    signer, time = here.county.signer, here.county.feed.county_time
    token = ReceiptToken(
        kind, number, time.now(), time.confidence, here.settings.kiosk.site, result, signer.enrolment.key_id, salt,
        code_of(resident.number.plain(), salt),
    )  # fmt: skip
    address = here.settings.county.verify_page
    return (f"{address}#" if address else "") + issue(token, signer.keys.signing)
