"""All ways out in one table: those of tests/shell/ways.py, tried on a screen, and those that are proven elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from tests.shell.ways import ACTS, KEYS, PAGE, POLICY, SHELL

WAYS, TOUCH, SUPERVISOR, SYSTEM, POLICY_TEST = (
    f"tests/shell/test_{name}.py" for name in ("ways_out", "touch", "supervisor", "system", "policy")
)
POSTINGS = "tests/browser/test_hostile_postings.py"
TEXT = "test_attempts_4_to_9_what_a_posting_says_is_text_and_nothing_else"
HANDS = {
    "click": "a page does it at a touch", "middle": "middle button", "right": "right button", "hold": "held for 2 s",
    "drag": "drawn away", "ctrl": "click with Ctrl", "shift": "click with Shift",
}  # fmt: skip
GRAMMAR = "the system's files, whose grammar is read by its own tools; NOT tried on a machine"


@dataclass(frozen=True)
class Row:
    """One way out."""

    number: int
    way: str
    does: str
    tried: str
    shut_by: str
    file: str
    test: str

    def cells(self) -> tuple[str, ...]:
        """As a line of the table, without its number."""
        return self.way, self.does, self.tried, self.shut_by, f"`{self.file}`: {self.test}"


ROWS = (
    *(Row(key.number, f"`{key.keys}`", key.does, "pressed (xdotool)", f"{SHELL}, {PAGE}", WAYS,
          "test_a_key_leads_nowhere") for key in KEYS),
    *(Row(act.number, f"`{act.name}`", act.does, HANDS[act.hand], act.shut_by, WAYS,
          "test_nothing_a_page_or_a_finger_does_leads_out") for act in ACTS),
    Row(1, "elsewhere, without our script", "goes elsewhere", "a page without static/shell.js", POLICY, WAYS,
        "test_the_policy_alone_lets_nothing_reach_another_place"),
    Row(0, "a policy that Chromium does not know", "a hole nobody sees", "chrome://policy is read", POLICY, POLICY_TEST,
        "test_chromium_knows_every_policy_and_takes_every_value"),
    Row(0, "pinching", "enlarges the page", "a made gesture", "static/hands.js", TOUCH,
        "test_two_fingers_enlarge_nothing"),
    Row(0, "a swipe from each edge", "the page before, menus", "made touches", "touch-action: pan-y", TOUCH,
        "test_a_swipe_from_an_edge_leads_nowhere"),
    Row(3, "a long touch of link, picture, text", "the context menu", "a made touch of a second", PAGE, TOUCH,
        "test_a_long_touch_opens_no_menu"),
    Row(0, "killing the browser", "shows what lies behind", "kill -9", "the supervisor begins it anew", SUPERVISOR,
        "test_a_kiosk_that_is_dead_comes_dies_and_comes_back"),
    Row(0, "killing the program", "an error page", "kill -9", "the supervisor's own page", SUPERVISOR,
        "test_a_kiosk_that_is_dead_comes_dies_and_comes_back"),
    Row(15, "another user asks for the pairing key", "pairs a window of one's own", "asked as another user",
        "the supervisor asks whose the connection is", SUPERVISOR,
        "test_the_key_is_handed_out_once_and_only_to_a_program_of_the_same_user"),
    Row(4, "input type=file in a posting", "the file dialog", "stored in every field of a posting", "text is text",
        POSTINGS, TEXT),
    Row(6, "mailto:, tel:, intent: in a posting", "starts another program", "stored in every field", "text is text",
        POSTINGS, TEXT),
    Row(7, "a script in a posting", "runs as the kiosk's own page", "stored in every field", "text is text",
        POSTINGS, TEXT),
    Row(8, "inline script, eval, a foreign frame", "runs as the kiosk's own page", "put into a page by force",
        "Content-Security-Policy", POSTINGS, "test_attempt_8_what_is_put_into_a_page_by_force_does_nothing"),
    Row(9, "hx-* in a posting", "requests nobody asked for", "stored in every field", "text is text",
        POSTINGS, TEXT),
    Row(10, "operators in a search", "reads or breaks the index", "asked", "bound words", POSTINGS,
        "test_attempt_10_operators_in_a_search_are_words"),
    Row(11, "../ in an address of the program", "reads a file of the machine", "asked", "safe_join",
        POSTINGS,
        "test_attempt_11_no_address_leads_to_a_file_outside"),
    Row(38, "a keyboard, a mouse, a disk on USB", "types, boots, copies", "udev rules", GRAMMAR, SYSTEM,
        "test_udev_reads_every_rule"),
    Row(39, "a second terminal, SysRq, the power key", "a login", "logind and sysctl files", GRAMMAR, SYSTEM,
        "test_the_system_offers_no_second_terminal"),
)  # fmt: skip
