"""The foot of a page is made once for each language and each choice of modes, and is still each visitor's own."""

from __future__ import annotations


def kept(hall):
    return hall.resident_app.jinja_env.globals["said_once"]._kept


def token_in_foot(screen):
    return next(form.fields["csrf_token"] for form in screen.page.forms if form.action == "/modes")


def test_two_languages_have_two_feet_and_each_is_made_once(hall, screen):
    screen.visit("/services/job_board/")
    screen.visit("/")
    made = len(kept(hall))
    screen.visit("/services/job_board/")
    screen.visit("/help")
    screen.visit("/")
    assert len(kept(hall)) == made
    screen.sees("叫工作人员")
    screen.send("/modes", language="en")
    screen.sees("Large")
    screen.does_not_see("叫工作人员")
    assert len(kept(hall)) > made


def test_the_token_in_the_foot_is_the_one_of_this_visit_and_nothing_of_a_person_is_kept(hall, screen):
    screen.visit("/")
    before = token_in_foot(screen)
    holder = screen.insert_card("李伟")
    screen.visit("/")
    assert token_in_foot(screen) != before, "with the card came another session"
    screen.press("大字")
    assert 'data-text="large"' in screen.page.html, "its form was taken"
    everything = str(kept(hall))
    for word in (holder.name, holder.number, before, token_in_foot(screen)):
        assert word not in everything


def test_it_forgets_before_it_grows(hall, screen):
    screen.visit("/")
    for volume in (1, 2, 3, 4, 5):
        for speed in ("slow", "normal", "fast"):
            for text in ("normal", "large"):
                for contrast in ("normal", "high"):
                    screen.send("/modes", volume=str(volume), speed=speed, text=text, contrast=contrast)
    assert 0 < len(kept(hall)) <= 64
