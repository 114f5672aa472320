"""``/health`` and ``/v1/keys``: that the hub lives, what time it has, and to which key content is sealed."""

from __future__ import annotations

from flask import Blueprint, Response, request

from contract.feed import CountyPulse, KeyList
from contract.message import CONTRACT_VERSION
from county.asking import answer
from county.hub import VERSION, hub

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
    """The county's public keys; 304 where the asker holds them."""
    key = hub().key.published()
    held = request.if_none_match.contains(key.key_id)
    reply = Response(status=304) if held else answer(KeyList(sealing=key))
    reply.set_etag(key.key_id)
    return reply
