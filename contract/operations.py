"""Every address of the county API in one table: what goes in, what comes out, who may ask, how it may be refused.

The hub's routes, ``openapi.yaml``, ``docs/county-api.md`` and the conformance kit are held against this table.
"""

from __future__ import annotations

from contract.card_keys import CardAuthentication, CardCryptograms
from contract.credentials import CodePresented, IdCardPresented
from contract.development import ClockShift
from contract.enrolment import FINGERPRINT, KioskEnrolment, KioskStanding, KnownKiosk, KnownKiosks, NewKeys
from contract.feed import CountyPulse, FeedPage, PostingPage
from contract.journal import JournalHead, JournalStanding
from contract.key_list import KeyList
from contract.message import IDEMPOTENCY_HEADER
from contract.operation import Asker, Operation, Parameter, Subject
from contract.problems import ProblemType as No
from contract.residents import (
    CardPresented,
    ContributionStatement,
    EligibilityStatus,
    FingerprintTemplates,
    InsuranceStatement,
    OwnCases,
    PensionStatement,
    Sitting,
)
from contract.staff import Approval, ItemDraft, NewPassword, SignIn, StaffSession, StoredPicture, WallItem, WallItems
from contract.staff_work import CaseChange, DayFigures, StaffCase, StaffCases, StaffFigures
from contract.submissions import CountyAnswer, SealedSubmission

DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
PICTURES = ("image/jpeg", "image/png")
ITEM = Parameter("item_no", "path", "the number of the item")
KEY = Parameter(IDEMPOTENCY_HEADER, "header", "the submission's id, the same at every try")
AREA = Parameter("area", "query", "a division code of 6, 9 or 12 digits", r"^([0-9]{6}([0-9]{3}([0-9]{3})?)?)?$", False)  # noqa: FBT003 - the last of a row
CURSOR = Parameter("cursor", "query", "where the last page ended; empty for everything", required=False)
LIMIT = Parameter("limit", "query", "the most items of a page", required=False, least=1, most=1000)
WORDS = Parameter("q", "query", "words to look for, up to 40 characters; all of them must be found", required=False)
TOWN = Parameter("town", "query", "a town's division code of 9 digits", r"^[0-9]{9}$", False)  # noqa: FBT003 - the last of a row
PAY = Parameter("pay_min", "query", "the least pay a month, in whole thousands of yuan",
                r"^([1-9]|[1-3][0-9]|40)000$", required=False)  # fmt: skip
NARROWER = tuple(
    Parameter(name, "query", about, required=False)
    for name, about in (
        ("trade", "a code of the list Trade"), ("period", "a code of the list WagePeriod"),
        ("schooling", "the seeker's own level, a code of the list Schooling: posts that ask for no more"),
        ("welfare", "1: public-welfare posts only"),
    )
)  # fmt: skip
AFTER = Parameter("cursor", "query", "where the last page ended; empty for the newest posts", r"^[0-9]{0,19}$", False)  # noqa: FBT003 - the last of a row
POSTS = Parameter("limit", "query", "the most posts of a page", required=False, least=1, most=100)
YEAR = Parameter("year", "query", "the calendar year", r"^(19|20|21)[0-9]{2}$")
PURPOSE = Parameter("purpose", "query", "what the finger is for: eligibility_verification")
CONSENT = Parameter("consent", "query", "the version of the text that was agreed to")
SHA256 = Parameter("sha256", "path", "the hash of the picture's content, 64 hexadecimal digits", r"^[0-9a-f]{64}$")
MARK = Parameter("fingerprint", "path", "what a person compared: four groups of four digits", FINGERPRINT)
ME = "/v1/residents/me"
WALL = "/v1/staff/display-items"
STAFF_KIOSKS = "/v1/staff/kiosks"
STAFF_CASES = "/v1/staff/cases"
CASE = Parameter("case_no", "path", "the number of the case", r"^[0-9]{16,20}$")
STATE = Parameter(
    "state", "query", "only cases in this state", r"^(received|in_progress|done|refused)?$", required=False
)
OLDER = Parameter("cursor", "query", "where the last page ended; empty for the newest cases", r"^[0-9]{0,19}$", False)  # noqa: FBT003 - the last of a row
CASES = Parameter("limit", "query", "the most cases of a page", required=False, least=1, most=200)
FIRST_DAY = Parameter("first_day", "query", "the first day, of the county", DAY)
LAST_DAY = Parameter("last_day", "query", "the last day; at most 400 days in all", DAY)

OPERATIONS: tuple[Operation, ...] = (
    Operation("pulse", "GET", "/health", Subject.COUNTY, "That the county's API lives, its versions and its time.",
              answer=CountyPulse),
    Operation("keys", "GET", "/v1/keys", Subject.COUNTY, "The public keys of the county and of its kiosks, signed.",
              answer=KeyList, kept=True, signed=True),
    Operation("feed", "GET", "/v1/feed", Subject.FEED, "Everything public that changed after a cursor, in order.",
              answer=FeedPage, parameters=(AREA, CURSOR, LIMIT), kept=True, signed=True),
    Operation("postings", "GET", "/v1/postings", Subject.FEED, "The open posts by words and filters, newest first.",
              answer=PostingPage, parameters=(WORDS, TOWN, PAY, *NARROWER, AFTER, POSTS), kept=True),
    Operation("media", "GET", "/v1/media/{sha256}", Subject.FEED, "A picture of the feed; its content never changes.",
              parameters=(SHA256,), raw_out=PICTURES, refusals=(No.NOT_FOUND,)),
    Operation("enrol", "POST", "/v1/kiosks", Subject.KIOSKS,
              "A kiosk shows its keys, or asks again how it stands; a person approves it.", Asker.KEY, KioskEnrolment,
              KioskStanding),
    Operation("renew-keys", "POST", "/v1/kiosks/current/keys", Subject.KIOSKS,
              "A kiosk announces its next key pair; the present one stays good a while. Twice is as good.",
              Asker.KIOSK, NewKeys, KioskStanding, refusals=(No.KEYS_REFUSED,)),
    Operation("tell-journal-head", "POST", "/v1/journal", Subject.KIOSKS,
              "A kiosk tells the head of its journal; the answer says what the county was told before.", Asker.KIOSK,
              JournalHead, JournalStanding),
    Operation("tell-figures", "POST", "/v1/figures", Subject.KIOSKS,
              "How often what happened at a kiosk on one day; telling a day again replaces it.", Asker.KIOSK,
              DayFigures, status=204),
    Operation("authenticate-card", "POST", "/v1/card-authentications", Subject.SITTINGS,
              "The cryptograms by which a card proves itself and is opened: one answer an insertion.", Asker.KIOSK,
              CardAuthentication, CardCryptograms,
              refusals=(No.INSERTION_ANSWERED, No.TOO_MANY_CARDS)),
    Operation("open-sitting", "POST", "/v1/sittings", Subject.SITTINGS,
              "Opens a sitting for the holder of the card presented: the only way to anything personal.",
              Asker.KIOSK, CardPresented, Sitting, 201,
              refusals=(No.UNKNOWN_RESIDENT, No.CARD_LOST, No.CARD_CANCELLED, No.TOO_MANY_CARDS)),
    Operation("open-sitting-by-id-card", "POST", "/v1/sittings/id-card", Subject.SITTINGS,
              "Opens a sitting for the holder of a resident ID card; `not-found` where the county takes none.",
              Asker.KIOSK, IdCardPresented, Sitting, 201,
              refusals=(No.NOT_FOUND, No.UNKNOWN_RESIDENT, No.TOO_MANY_CARDS)),
    Operation("open-sitting-by-code", "POST", "/v1/sittings/electronic-code", Subject.SITTINGS,
              "Opens a sitting for whoever shows a code of an electronic social-security card: one answer a code; "
              "`not-found` where the county takes none.", Asker.KIOSK, CodePresented, Sitting, 201,
              refusals=(No.NOT_FOUND, No.CODE_REFUSED, No.UNKNOWN_RESIDENT, No.CARD_LOST, No.CARD_CANCELLED,
                        No.TOO_MANY_CARDS)),
    Operation("close-sitting", "DELETE", "/v1/sittings/current", Subject.SITTINGS,
              "Ends the sitting when the card leaves; ending it twice is as good.", Asker.SITTING, status=204),
    Operation("insurance", "GET", f"{ME}/insurance", Subject.RESIDENTS, "What the resident is insured for.",
              Asker.SITTING, answer=InsuranceStatement),
    Operation("contributions", "GET", f"{ME}/contributions", Subject.RESIDENTS, "The months of one year.",
              Asker.SITTING, answer=ContributionStatement, parameters=(YEAR,)),
    Operation("pension", "GET", f"{ME}/pension", Subject.RESIDENTS,
              "Which benefit is drawn, how much, since when, and whether it is paid.", Asker.SITTING,
              answer=PensionStatement),
    Operation("cases", "GET", f"{ME}/cases", Subject.RESIDENTS,
              "What the resident handed in, and how far it is.", Asker.SITTING, answer=OwnCases),
    Operation("eligibility", "GET", f"{ME}/eligibility", Subject.RESIDENTS,
              "Where a pensioner stands with the eligibility verification.", Asker.SITTING, answer=EligibilityStatus),
    Operation("fingerprint-template", "GET", f"{ME}/fingerprint-template", Subject.RESIDENTS,
              "The enrolled fingers, against purpose and consent.", Asker.SITTING, answer=FingerprintTemplates,
              parameters=(PURPOSE, CONSENT), refusals=(No.CONSENT_MISSING,)),
    Operation("verify-eligibility", "POST", "/v1/eligibility-verifications", Subject.SUBMISSIONS,
              "Evidence that a pensioner was seen alive, signed and sealed; counted once however often it comes.",
              Asker.KIOSK, SealedSubmission, CountyAnswer, parameters=(KEY,),
              refusals=(No.EVIDENCE_UNPROVEN, No.UNKNOWN_KEY, No.KEY_REUSED, No.NOT_THIS_RESIDENT,
                        No.UNKNOWN_RESIDENT)),
    Operation("submit", "POST", "/v1/submissions", Subject.SUBMISSIONS,
              "Everything else that residents hand in, sealed.", Asker.KIOSK, SealedSubmission, CountyAnswer,
              parameters=(KEY,),
              refusals=(No.UNKNOWN_KEY, No.KEY_REUSED, No.NOT_THIS_RESIDENT, No.UNKNOWN_RESIDENT)),
    Operation("sign-in", "POST", "/v1/staff/sessions", Subject.STAFF, "Signs a member of staff in.", Asker.KIOSK,
              SignIn, answer=StaffSession, status=201, refusals=(No.WRONG_SIGN_IN, No.ACCOUNT_LOCKED)),
    Operation("staff-session", "GET", "/v1/staff/sessions/current", Subject.STAFF,
              "The session that came along, its idle time begun anew.", Asker.STAFF, answer=StaffSession),
    Operation("sign-out", "DELETE", "/v1/staff/sessions/current", Subject.STAFF,
              "Ends the session; ending it twice is as good.", Asker.STAFF, status=204),
    Operation("set-password", "POST", "/v1/staff/passwords", Subject.STAFF,
              "A new password for somebody else, from an administrator of their area.", Asker.STAFF, NewPassword,
              status=204, refusals=(No.OWN_WORK, No.NOT_FOUND, No.OUTSIDE_AREA)),
    Operation("kiosks", "GET", STAFF_KIOSKS, Subject.STAFF,
              "The kiosks of one's areas, those that wait first; for administrators.", Asker.STAFF, answer=KnownKiosks),
    Operation("approve-kiosk", "POST", f"{STAFF_KIOSKS}/{{fingerprint}}/approval", Subject.STAFF,
              "Lets a kiosk in whose fingerprint the administrator compared.", Asker.STAFF, answer=KnownKiosk,
              parameters=(MARK,), refusals=(No.OUTSIDE_AREA, No.NOT_FOUND)),
    Operation("withdraw-kiosk", "POST", f"{STAFF_KIOSKS}/{{fingerprint}}/withdrawal", Subject.STAFF,
              "Shuts a kiosk out at once; its sittings end.", Asker.STAFF, answer=KnownKiosk,
              parameters=(MARK,), refusals=(No.OUTSIDE_AREA, No.NOT_FOUND)),
    Operation("staff-cases", "GET", STAFF_CASES, Subject.STAFF, "Cases of one's areas, newest first; for clerks.",
              Asker.STAFF, answer=StaffCases, parameters=(STATE, OLDER, CASES)),
    Operation("change-case", "POST", f"{STAFF_CASES}/{{case_no}}/state", Subject.STAFF,
              "The next state of a case, on top of the one that was seen; for clerks.", Asker.STAFF, CaseChange,
              StaffCase, parameters=(CASE,), refusals=(No.OUTSIDE_AREA, No.NOT_FOUND, No.EDIT_CONFLICT)),
    Operation("staff-figures", "GET", "/v1/staff/figures", Subject.STAFF,
              "What happened at the kiosks of one's areas, by day and site.", Asker.STAFF, answer=StaffFigures,
              parameters=(FIRST_DAY, LAST_DAY)),
    Operation("wall-items", "GET", WALL, Subject.STAFF, "Every item of the information screen in one's areas.",
              Asker.STAFF, answer=WallItems),
    Operation("write-item", "POST", WALL, Subject.STAFF, "A new draft.", Asker.STAFF, ItemDraft, WallItem, 201,
              refusals=(No.OUTSIDE_AREA, No.PICTURE_REFUSED)),
    Operation("rewrite-item", "PUT", f"{WALL}/{{item_no}}", Subject.STAFF, "The next version, on top of the one read.",
              Asker.STAFF, ItemDraft, WallItem, parameters=(ITEM,),
              refusals=(No.OUTSIDE_AREA, No.PICTURE_REFUSED, No.EDIT_CONFLICT, No.NOT_FOUND)),
    Operation("hand-in-item", "POST", f"{WALL}/{{item_no}}/submission", Subject.STAFF,
              "A draft goes to whoever approves.", Asker.STAFF, answer=WallItem, parameters=(ITEM,),
              refusals=(No.OUTSIDE_AREA, No.EDIT_CONFLICT, No.NOT_FOUND)),
    Operation("approve-item", "POST", f"{WALL}/{{item_no}}/approval", Subject.STAFF,
              "A second person publishes exactly what they saw.", Asker.STAFF, Approval, WallItem, parameters=(ITEM,),
              refusals=(No.OUTSIDE_AREA, No.OWN_WORK, No.CONTENT_CHANGED, No.EDIT_CONFLICT, No.NOT_FOUND)),
    Operation("withdraw-item", "POST", f"{WALL}/{{item_no}}/withdrawal", Subject.STAFF, "Off every wall.", Asker.STAFF,
              answer=WallItem, parameters=(ITEM,), refusals=(No.OUTSIDE_AREA, No.EDIT_CONFLICT, No.NOT_FOUND)),
    Operation("keep-picture", "POST", "/v1/staff/pictures", Subject.STAFF, "The bytes of a picture for a later draft.",
              Asker.STAFF, answer=StoredPicture, status=201, refusals=(No.PICTURE_REFUSED,), raw_in=PICTURES),
    Operation("move-clock", "POST", "/v1/development/clock", Subject.DEVELOPMENT,
              "Moves the hub's clock. Does not exist in production.", asks=ClockShift, answer=CountyPulse),
)  # fmt: skip

PUBLIC = tuple(row.path.partition("{")[0] for row in OPERATIONS if row.asker is Asker.ANYBODY)
"""How the addresses begin that are asked unsigned."""


def operation_at(method: str, path: str) -> Operation | None:
    """The row of a method and a path as it stands in the table; HEAD counts as GET. None where there is none."""
    return _BY_ADDRESS.get(("GET" if method == "HEAD" else method, path))


_BY_ADDRESS = {(row.method, row.path): row for row in OPERATIONS}
