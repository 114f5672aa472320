"""The county comes by a new sealing key: kiosks learn it, and what was sealed to the one before is still opened."""

from __future__ import annotations

import stat

from county.keys import open_key
from county.office import ACTS
from tests.county.conftest import Office


def test_what_is_under_way_is_opened_after_the_change_and_new_content_is_sealed_to_the_new_key(open_office):
    office = open_office(demo_seed=1)
    settings, before = office.hub.settings, office.hub.key.key_id
    sitting = office.sitting_of("王秀英")
    under_way = office.envelope(office.appointment("王秀英"))
    (told,) = ACTS["rotate-sealing-key"](settings, [])
    office.hub.close()
    restarted = Office(settings)
    try:
        restarted.signer, restarted.client = office.signer, restarted.as_kiosk(office.signer)
        now = restarted.hub.key.key_id
        assert now != before
        assert told.startswith(now)
        assert restarted.client.get("/v1/keys").json["sealing"]["key_id"] == now
        assert restarted.deliver(under_way, sitting).json["status"] == "accepted"
        fresh = restarted.envelope(restarted.appointment("王秀英"))
        assert fresh.key_id == now
        assert restarted.deliver(fresh, sitting).json["status"] == "accepted"
    finally:
        restarted.hub.close()


def test_the_file_stays_private_and_holds_every_key_newest_first(open_office):
    settings = open_office().hub.settings
    names = [open_key(settings.keys).key_id]
    for _ in range(2):
        ACTS["rotate-sealing-key"](settings, [])
        names.insert(0, open_key(settings.keys).key_id)
    key = open_key(settings.keys)
    assert [key.key_id, *(one.key_id for one in key.older)] == names
    assert stat.S_IMODE(settings.keys.stat().st_mode) == 0o600
    assert key.named("0" * 16) is None
