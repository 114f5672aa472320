"""Which test cuts the county under which service, duty and part; docs/operating.md names it in the matrix."""

from __future__ import annotations

HERE = "tests/cut/test_when_cut.py"

PROOFS: dict[str, tuple[str, str]] = {
    "pension_verification": (
        "tests/services/test_pension_while_cut.py",
        "test_a_card_read_while_cut_goes_by_witness_and_waits_for_the_county",
    ),
    "insurance_query": (
        "tests/services/test_insurance_query.py",
        "test_while_the_county_is_cut_the_answer_is_refused_with_words_before_any_pin",
    ),
    "job_board": (
        "tests/services/test_job_board.py",
        "test_while_the_county_is_cut_the_copy_is_shown_with_its_date",
    ),
    "card_pin": ("tests/services/test_card_pin.py", "test_while_the_county_is_cut_the_card_is_changed_all_the_same"),
    "witness": ("tests/staff/test_witness.py", "test_while_cut_a_clerk_known_here_still_witnesses"),
    "display_editor": (
        "tests/staff/test_display_editor.py",
        "test_while_the_county_is_cut_a_clerk_hides_and_nobody_publishes",
    ),
    "health": ("tests/staff/test_health.py", "test_a_cut_line_is_told_with_the_date_of_the_copy"),
    "device_page": (HERE, "test_devices_are_shown_and_tested_as_ever"),
    "submissions": (HERE, "test_what_waits_is_listed_and_kept"),
    "cases": ("tests/staff/test_cases.py", "test_a_clerk_while_the_county_is_cut_is_told_so"),
    "receipt_check": ("tests/staff/test_receipt_check.py", "test_a_true_receipt_is_known_though_the_county_is_cut"),
    "voice_recorder": ("tests/staff/test_voice_recorder.py", "test_a_clip_is_recorded_while_the_county_is_cut"),
    "day_slip": (HERE, "test_the_day_is_told_and_printed"),
    "figures": ("tests/staff/test_figures.py", "test_while_the_county_is_cut_it_is_said"),
    "accounts": ("tests/staff/test_accounts.py", "test_while_cut_nothing_is_reset"),
    "kiosks": (HERE, "test_no_kiosk_is_let_in"),
    "part:wall": ("tests/kiosk/test_display.py", "test_an_item_whose_lease_ran_out_goes_dark_and_the_hall_stays"),
    "part:card": ("tests/kiosk/test_home.py", "test_a_card_put_in_while_the_county_is_cut_still_reaches_home"),
    "part:card_keys": (HERE, "test_a_card_that_needs_the_countys_keys_goes_to_the_counter"),
    "part:id_card": (
        "tests/kiosk/test_credentials.py",
        "test_while_the_county_is_cut_an_id_card_says_who_and_proves_nothing",
    ),
    "part:electronic_code": (
        "tests/kiosk/test_credentials.py",
        "test_while_the_county_is_cut_a_code_is_refused_in_words",
    ),
    "part:pin": (HERE, "test_the_card_itself_checks_a_pin"),
    "part:sign_in": ("tests/kiosk/test_sign_in.py", "test_while_cut_somebody_known_signs_in_as_clerk_only"),
    "part:submissions": (
        "tests/kiosk/test_outbox.py",
        "test_while_it_is_cut_it_waits_and_goes_out_exactly_once_when_the_line_is_back",
    ),
    "part:paper": ("tests/services/test_slips.py", "test_a_reprint_needs_no_county"),
    "part:devices": (HERE, "test_devices_are_shown_and_tested_as_ever"),
    "part:enrolment": (HERE, "test_a_machine_nobody_approved_waits_and_asks_again_by_itself"),
    "part:sealing_key": (
        "tests/kiosk/test_outbox.py",
        "test_a_machine_that_never_met_the_county_cannot_seal_and_says_so",
    ),
    "part:locality_pack": (
        "tests/kiosk/test_locality_in_force.py",
        "test_a_pack_stays_while_the_county_is_cut_however_long_and_over_a_restart",
    ),
    "part:clock": (HERE, "test_the_countys_time_goes_on_and_is_unknown_after_a_restart"),
    "part:journal": (
        "tests/kiosk/test_told_to_county.py",
        "test_a_machine_that_is_cut_stops_in_time_and_tells_when_the_line_is_back",
    ),
    "part:figures": (HERE, "test_the_days_of_a_cut_are_told_when_the_line_is_back"),
}
"""By the key of a service or duty, or "part:" and the key of a part."""
