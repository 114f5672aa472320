"""Attempts 12 to 37 of the list in reference/reliability-ux.md §3.7, each with the tests in which it fails.

Number 35 is what the lock files make of an installation; whether a part has become known as unsafe since is asked of a
service on the network, which tests do not do.
"""

from __future__ import annotations

from dataclasses import dataclass

SIGNATURES, FISHING, AT_FACES = (f"tests/attacks/test_{name}.py" for name in ("signatures", "fishing", "faces"))
WINDOW, NEXT, STAFF = "tests/kiosk/test_window.py", "tests/kiosk/test_next_person.py", "tests/staff/test_sign_in.py"
ACCOUNTS, EVIDENCE = "tests/county/test_staff.py", "tests/county/test_evidence.py"
PENSION = "tests/services/test_pension_verification.py"
NOISE = "tests/devices/fingerprint/test_ef01_faults.py"
MATRIX = "tests/devices/fingerprint/test_ef01_matrix.py"
FRAMES = "tests/devices/fingerprint/test_ef01_frames.py"


@dataclass(frozen=True)
class Attempt:
    """One attempt and a test in which it fails. ``rest``: what remains possible, and who has to know."""

    number: int
    what: str
    file: str
    test: str
    rest: str = ""


ATTEMPTS = (
    Attempt(12, "a county that sends elsewhere", AT_FACES,
            "test_attempt_12_a_county_that_sends_elsewhere_is_followed_nowhere"),
    Attempt(12, "a page that changes the county's address", AT_FACES,
            "test_attempt_12_no_page_of_any_face_changes_where_the_county_is"),
    Attempt(13, "a foreign Host at a face", WINDOW, "test_a_foreign_host_gets_400"),
    Attempt(13, "a foreign Host at the hub", "tests/county/test_app.py", "test_another_host_name_is_refused"),
    Attempt(14, "a page of another origin", AT_FACES,
            "test_attempt_14_another_origin_gets_nothing_and_no_leave_to_read"),
    Attempt(14, "a request another site made", WINDOW, "test_a_request_that_another_site_made_gets_403"),
    Attempt(15, "another program of the same machine", WINDOW, "test_a_second_browser_cannot_act_either"),
    Attempt(16, "a staff form without its token", AT_FACES,
            "test_attempt_16_every_act_of_staff_needs_the_token_of_its_form"),
    Attempt(17, "a cookie laid ready", STAFF, "test_the_cookie_is_a_new_one_so_that_nobody_can_lay_one_ready"),
    Attempt(17, "a cookie read by a script", WINDOW, "test_the_cookie_is_bound_to_the_window_and_hidden_from_scripts"),
    Attempt(17, "a session used after signing out", STAFF, "test_signing_out_ends_it_here_and_at_the_county"),
    Attempt(18, "the back button", NEXT, "test_every_page_of_a_resident_forbids_to_be_kept"),
    Attempt(18, "an old page after the visit", NEXT, "test_a_page_of_somebody_who_left_is_over"),
    Attempt(19, "the cookie of one in the session of the next", NEXT,
            "test_the_cookie_of_one_is_refused_in_the_session_of_the_next_who_notices_nothing"),
    Attempt(19, "a late answer of one to the next", NEXT, "test_a_late_answer_never_reaches_the_next_card"),
    Attempt(20, "a card swapped before the finger", PENSION,
            "test_no_template_leaves_the_county_where_another_card_answers_by_now"),
    Attempt(21, "an earlier answer played again on the sensor's line", MATRIX,
            "test_fault_19_a_late_answer_is_never_taken_for_the_next_one",
            "a machine in the sensor's place that speaks its language: the modules know no nonce"),
    Attempt(22, "an answer nobody asked for", NOISE, "test_a_late_answer_is_never_the_answer_to_the_next_command",
            "as 21"),
    Attempt(22, "a verdict without a score", FRAMES, "test_done_without_a_score_is_no_match", "as 21"),
    Attempt(23, "the same nonce for a second result", EVIDENCE, "test_a_nonce_counts_once"),
    Attempt(23, "another kiosk's statement", EVIDENCE,
            "test_another_kiosks_statement_is_refused_though_that_kiosk_is_approved"),
    Attempt(23, "the same request again", SIGNATURES,
            "test_attempt_23_the_same_request_again_is_a_replay_and_for_another_address_a_forgery"),
    Attempt(23, "an old result with a new date", AT_FACES,
            "test_attempt_36_a_clock_set_back_opens_no_second_verification_in_a_year"),
    Attempt(23, "a journal cut short", "tests/kiosk/test_journal_file.py",
            "test_an_end_that_was_cut_off_shows_only_against_a_head"),
    Attempt(23, "a row of the journal changed", "tests/kiosk/test_journal_file.py",
            "test_what_was_touched_is_named_with_its_place"),
    Attempt(24, "another algorithm", SIGNATURES,
            "test_attempt_24_the_algorithm_swapped_to_hmac_with_the_public_key_as_the_secret"),
    Attempt(24, "a header taken away", SIGNATURES, "test_attempt_24_a_header_taken_away"),
    Attempt(24, "less covered than must be", SIGNATURES, "test_attempt_24_a_shortened_list_of_what_is_covered"),
    Attempt(24, "a body nothing covers", SIGNATURES, "test_attempt_24_a_body_that_no_signature_covers"),
    Attempt(24, "signed an hour ago", SIGNATURES, "test_attempt_24_signed_an_hour_ago_or_ahead"),
    Attempt(24, "a header twice", SIGNATURES, "test_attempt_24_a_header_that_comes_twice"),
    Attempt(24, "other letters", SIGNATURES, "test_attempt_24_other_letters_and_blanks_prove_nothing_more"),
    Attempt(25, "a submission's number guessed at another kiosk", FISHING,
            "test_attempt_25_a_submissions_number_guessed_at_another_kiosk_tells_nothing"),
    Attempt(26, "a kiosk unknown, waiting, shut out", SIGNATURES,
            "test_attempt_26_a_kiosk_nobody_knows_one_that_waits_and_one_that_was_shut_out"),
    Attempt(26, "the key of one under the name of another", SIGNATURES,
            "test_attempt_26_the_key_of_one_kiosk_under_the_name_of_another"),
    Attempt(27, "somebody else's record by a parameter", FISHING,
            "test_attempt_27_nobody_asks_for_somebody_else_by_any_parameter"),
    Attempt(27, "somebody else's record by its address", FISHING,
            "test_attempt_27_no_personal_address_names_anybody"),
    Attempt(28, "a slip changed by hand", "tests/contract/test_receipt_token.py",
            "test_another_result_under_the_same_signature_is_forged"),
    Attempt(29, "passwords tried one after the other", ACCOUNTS,
            "test_five_wrong_tries_lock_the_account_even_for_the_right_password"),
    Attempt(29, "finding out which accounts exist", FISHING,
            "test_attempt_29_whether_an_account_exists_shows_neither_in_words_nor_in_work"),
    Attempt(29, "locking everybody out", ACCOUNTS, "test_a_lock_concerns_one_account_only",
            "whoever knows a name locks that one account for a quarter of an hour, from an approved kiosk only"),
    Attempt(30, "an act without its role", "tests/county/test_wall.py", "test_each_role_does_its_own"),
    Attempt(30, "an account removed, a role taken", AT_FACES,
            "test_attempt_30_no_address_removes_an_account_or_gives_a_role_and_passwords_are_argon2id"),
    Attempt(30, "a kiosk let in by somebody else", "tests/county/test_kiosk_registry.py",
            "test_nobody_else_sees_or_settles"),
    Attempt(31, "a hundred readings a minute", FISHING,
            "test_attempt_31_a_hundred_readings_of_a_card_in_a_minute_and_more_cards_than_an_hour_has"),
    Attempt(31, "a thousand searches a minute", AT_FACES, "test_attempt_31_a_thousand_searches_in_a_minute"),
    Attempt(32, "a number in a log, an address, a file", AT_FACES,
            "test_attempts_32_and_33_no_number_and_no_name_in_logs_addresses_and_files_of_the_kiosk"),
    Attempt(32, "a sitting in an address", AT_FACES,
            "test_attempt_32_a_sitting_never_stands_in_an_address_a_kiosk_asks"),
    Attempt(33, "the kiosk's files copied", PENSION, "test_no_name_and_no_number_rests_in_the_kiosks_files"),
    Attempt(34, "simulators and debugger in production", AT_FACES,
            "test_attempt_34_in_production_there_is_no_dock_no_debugger_and_no_simulator"),
    Attempt(34, "the hub's movable clock in production", "tests/county/test_app.py",
            "test_in_production_the_clock_has_no_such_address"),
    Attempt(35, "a part that was exchanged on its way", "tests/test_documents.py",
            "test_locked_requirements_hold_hashes_and_no_addresses"),
    Attempt(36, "the clock set back to verify again", AT_FACES,
            "test_attempt_36_a_clock_set_back_opens_no_second_verification_in_a_year"),
    Attempt(37, "two kiosks at once", FISHING,
            "test_attempt_37_two_kiosks_verify_the_same_person_at_once_and_one_of_them_is_told"),
)  # fmt: skip
