"""A county that begins anew: what it does not send again is gone from the kiosk."""

import pytest
from sqlalchemy import func, select

from contract.feed import FeedKind
from contract.job_query import JobQuery
from kiosk.county_errors import CountyUnavailable
from kiosk.models import posting


def test_a_full_copy_replaces_what_the_kiosk_held(hall):
    feed, store = hall.machine.county.feed, hall.machine.store
    today = hall.machine.clock.local().date()
    before = feed.jobs.find(JobQuery(), 1, today).total
    with store.begin() as connection:
        ghost = feed.jobs.one(feed.jobs.find(JobQuery(), 1, today).postings[0].posting_no, today)
        feed.jobs.put(connection, "GHOST", ghost.model_copy(update={"posting_no": "GHOST", "title": "幽灵岗"}))
        store.remember("feed.cursor", "of-another-county", connection)
    feed.jobs.forget_read()
    assert feed.jobs.count(JobQuery(words="幽灵岗"), today) == 1
    with pytest.raises(CountyUnavailable):
        feed.pull()  # the cursor means nothing to this county: the next pull begins anew
    feed.pull()
    assert feed.jobs.count(JobQuery(words="幽灵岗"), today) == 0
    assert feed.jobs.find(JobQuery(), 1, today).total == before
    with store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(posting)) >= before
    assert feed.count(FeedKind.POLICY) == 40
