"""Pages of the job list in large letters: shorter ones, and no post is lost or shown twice."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.services.jobs.job_pages import FEW, Slicing, slicing_of
from kiosk.visit import Modes, TextSize


def test_large_letters_make_short_pages():
    assert slicing_of(20, Modes()) == Slicing(20, 20)
    assert slicing_of(20, Modes(TextSize.LARGE)) == Slicing(20, FEW)
    assert slicing_of(3, Modes(TextSize.LARGE)) == Slicing(3, 3)


@given(total=st.integers(0, 300), size=st.integers(1, 40), few=st.integers(1, 40))
def test_every_post_stands_on_one_page(total, size, few):
    slicing = Slicing(size, min(size, few))
    posts = list(range(total))
    shown = []
    for page in range(1, slicing.pages(total) + 1):
        start = (slicing.index_page(page) - 1) * size
        rows = posts[start : start + size][slicing.rows(page)]
        assert len(rows) <= slicing.few
        shown += rows
    assert shown == posts


def test_a_list_in_large_letters_is_read_to_its_end(screen):
    screen.send("/modes", text="large")
    screen.visit("/services/job_board/")
    first = [link.href for link in screen.page.links if "/post/" in link.href]
    screen.press("下一页")
    second = [link.href for link in screen.page.links if "/post/" in link.href]
    assert (len(first), len(second)) == (FEW, FEW)
    assert not set(first) & set(second)
    screen.visit("/services/job_board/?page=99999")
    screen.sees("上一页")
    screen.does_not_see("下一页")
    assert [link for link in screen.page.links if "/post/" in link.href]
