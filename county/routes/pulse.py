"""``/health`` and ``/v1/keys``: that the hub lives, what time it has, and whose keys are good for what."""

from __future__ import annotations

from flask import Blueprint, Response, request

from contract.documents import HEADER, KEYS
from contract.feed import CountyPulse
from contract.message import CONTRACT_VERSION
from county.asking import answer
from county.hub import VERSION, hub
from county.signing.key_list import key_list, tag_of

routes = Blueprint("pulse", __name__)


@routes.get("/health")
def health() -> Response:
    """The pulse; open to anyone who can reach the hub."""
    return answer(
        CountyPulse(
            version=VERSION,
            contract_version=CONTRACT_VERSION,
            now=hub().clock.now(),
            sample_rates=hub().settings.sample_rates,
        )
    )


@routes.get("/v1/keys")
def keys() -> Response:
    """The public keys of the county and its kiosks, signed; 304 where the asker holds them."""
    county = hub()
    with county.store.reading() as connection:
        tag = tag_of(connection, county)
        held = request.if_none_match.contains(tag)
        reply = Response(status=304) if held else answer(key_list(connection, county))
    if not held:
        reply.headers[HEADER] = county.documents.sign_list(reply.get_data(), KEYS)
    reply.set_etag(tag)
    reply.headers["Cache-Control"] = "no-cache"
    return reply
