"""Attempts 3 to 11 of the list of attacks, in a real browser: what others wrote is text, whatever it says."""

from __future__ import annotations

import pytest

from contract.feed import Employer
from tests.browser_screen import BrowserScreen
from tests.postings import NOW, a_posting

ALARM = "window.got = 1"
SNEAKED = {
    4: '<input type="file" name="f"><button>选文件</button>',
    5: f'<a target="_blank" href="http://203.0.113.9/">点这里</a><script>window.open("/");{ALARM}</script>',
    6: '<a href="mailto:a@b.cn">写信</a> mailto:a@b.cn tel:110 intent://scan#Intent;end',
    7: f'<img src=x onerror="{ALARM}"><svg onload="{ALARM}"></svg>\'"><script>{ALARM}</script>',
    8: f'<iframe src="javascript:{ALARM}"></iframe><style>p</style><base href="//203.0.113.9/">',
    9: '<b hx-get="/leave" hx-trigger="load" hx-target="body">电工</b> <i hx-vals="js:{a: 1}">焊工</i>',
}
GBK_TRICKS = ("电工\x00<b>", "\u202e<b>工电", "﹤script﹥", "＜script＞", "%3Cscript%3E", "{{ 7 * 7 }}", "¼script¾")
"""What a system that counts bytes otherwise might turn into letters of HTML."""
STRANGE = (
    "input[type=file], iframe, base, a[target], a[href^='mailto:'], a[href^='tel:'], [onerror], [onload], #page style"
)


def put(hall, number: str, text: str) -> None:
    """A posting that says this wherever a posting says anything."""
    job = a_posting(
        number, title=text, employer=Employer(name=text, checked_on=NOW.date()), description=text, work_place=text,
        contact_name=text, contact_phone=text, origin=text, benefits=(text,),
    )  # fmt: skip
    jobs = hall.machine.county.feed.jobs
    with hall.machine.store.begin() as connection:
        jobs.put(connection, number, job)
    jobs.forget_read()


def is_only_text(screen: BrowserScreen, text: str) -> None:
    """The page says it, letter for letter, and nothing of it is anything."""
    shown = "".join(screen.tab.locator("#page").inner_text().split())
    assert "".join(text.replace("\x00", "").split())[:20] in shown
    assert screen.tab.locator(STRANGE).count() == 0
    assert screen.tab.evaluate("() => window.got") is None
    assert screen.tab.locator("#page [hx-get='/leave'], #page [hx-trigger], #page [hx-vals]").count() == 0


@pytest.mark.parametrize("number", SNEAKED)
def test_attempts_4_to_9_what_a_posting_says_is_text_and_nothing_else(hall, screen, number):
    put(hall, f"sneaked-{number}", SNEAKED[number])
    screen.visit(f"/services/job_board/post/sneaked-{number}")
    is_only_text(screen, SNEAKED[number])
    screen.visit("/services/job_board/")
    assert screen.tab.locator(STRANGE).count() == 0
    assert screen.tab.evaluate("() => window.got") is None
    assert len(screen.context.pages) == 1


@pytest.mark.parametrize("text", GBK_TRICKS)
def test_attempt_7_letters_that_look_like_tags_stay_letters(hall, screen, text):
    put(hall, "trick", text)
    screen.visit("/services/job_board/post/trick")
    assert screen.tab.locator("#page script, #page h1 b").count() == 0
    assert "49" not in screen.tab.locator("h1").inner_text()


FORCED = {
    "an inline script": ("script", "textContent", "window.got = 1", ""),
    "an event of an attribute": ("p", "innerHTML", '<img src="data:," onerror="window.got = 1">', ""),
    "a script of elsewhere": ("script", "src", "data:text/javascript,window.got=1", ""),
    "a frame of elsewhere": ("iframe", "src", "data:text/html,x", ""),
    "a link that is a script": ("a", "href", "javascript:window.got=1", "click"),
    "a form to elsewhere": ("form", "action", "http://203.0.113.9/", "submit"),
}
LET_NOBODY = ("a link that is a script", "a form to elsewhere")
"""static/shell.js stops these before the content policy has to."""
FORCE = """([tag, name, value, act]) => {
  window.breaches = 0;
  document.addEventListener('securitypolicyviolation', () => { window.breaches += 1; });
  const element = Object.assign(document.createElement(tag), { [name]: value });
  document.body.append(element);
  if (act) element[act]();
}"""


@pytest.mark.parametrize("what", FORCED)
def test_attempt_8_what_is_put_into_a_page_by_force_does_nothing(screen, watch, what):
    watch.forgive("Content Security Policy", "ERR_BLOCKED_BY_CSP", "ERR_FAILED", "Framing")
    screen.visit("/services/job_board/")
    screen.tab.evaluate(FORCE, list(FORCED[what]))
    if what not in LET_NOBODY:
        screen.tab.wait_for_function("() => window.breaches > 0")
    assert screen.tab.evaluate("() => window.got") is None
    assert screen.path == "/services/job_board/"


@pytest.mark.parametrize(
    "words", ["' OR 1=1 --", 'NEAR("电" "工")', "电工 NOT 电工", "*", '"', "title:电工", "a) UNION SELECT 1--"]
)
def test_attempt_10_operators_in_a_search_are_words(screen, words):
    screen.visit("/services/job_board/")
    screen.tab.goto(f"{screen.base}/services/job_board/?q={words}")
    assert screen.tab.locator("h1").count() == 1
    assert "K-9" not in screen.text


@pytest.mark.parametrize(
    "path",
    ["/static/../kiosk/app.py", "/static/%2e%2e/run.py", "/static/..%2f..%2fetc/passwd", "/static//etc/passwd",
     "/services/job_board/post/..%2f..%2frun.py", "/static/icons/..%5c..%5crun.py"],
)  # fmt: skip
def test_attempt_11_no_address_leads_to_a_file_outside(screen, watch, path):
    watch.forgive("404", "400", "K-50")
    answer = screen.context.request.get(screen.base + path)
    assert answer.status in (400, 404), path
    for inside in ("import ", "root:"):
        assert inside not in answer.text()
