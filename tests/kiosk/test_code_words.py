"""Words of codes as the county has them: on the screens, without a visit to the machine."""

from contract.codes import InsuranceType, Trade
from contract.feed import FeedKind
from county.feeding.code_lists import lists_of, publish_missing
from county.publishing import publish
from tests.screen import Screen, StaffScreen


def rename(hall, tmp_path, text):
    file = tmp_path / "words.toml"
    file.write_text(text, encoding="utf-8")
    with hall.hub.hub.store.writing("feed") as connection:
        for one in lists_of(file):
            publish(connection, FeedKind.CODE_LIST, one.name, one)
    hall.machine.county.feed.pull()


def test_a_machine_whose_county_says_nothing_uses_its_own_words(hall):
    assert hall.machine.county.code_words.of(InsuranceType.INJURY) == "工伤"


def test_words_the_county_changed_stand_on_the_screens_at_once_and_stay_while_it_is_cut(hall, tmp_path):
    publish_missing(hall.hub.hub.store)
    rename(hall, tmp_path, 'version = "2026.1-lx"\n[trade]\ncare = "照护"\n[insurance_type]\n"170" = "城乡养老"\n')
    assert hall.machine.county.code_words.of(InsuranceType.RESIDENT_PENSION) == "城乡养老"
    assert hall.machine.county.code_words.of(InsuranceType.MEDICAL) == "职工医疗"
    screen = Screen(hall)
    screen.visit("/services/job_board/filters/trade")
    screen.sees("照护")
    screen.does_not_see(Trade.CARE.label)
    holder = screen.insert_card("李伟")
    screen.visit("/pin?next=/services/insurance_query/")
    screen.enter_pin(holder.card.pin)
    screen.sees("城乡养老")
    screen.remove_card()
    hall.cut()
    hall.restart()
    assert hall.machine.county.code_words.of(Trade.CARE) == "照护"
    face = StaffScreen(hall)
    hall.mend()
    face.sign_in("clerk", "chuangkou-shili-2026")
    face.visit("/health/")
    face.sees("代码表 2026.1、2026.1-lx")
