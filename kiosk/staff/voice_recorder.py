"""录提示音: what this hall's own voice has said already, what it has not, and a microphone for the rest."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, g, make_response, request
from flask.typing import ResponseReturnValue

from contract.codes import StaffRole
from kiosk.errors import NoSuchPage
from kiosk.journal import Happening
from kiosk.machine import machine
from kiosk.staff_duty import StaffDuty
from kiosk.voice import NoSpeech
from kiosk.voice.clip_check import WHY, usable
from kiosk.voice.packs import Clip, Pack
from kiosk.voice.prompts import Prompt
from kiosk.voice.recordings import Sheet, Standing, sheet_of
from kiosk.voice.sound import BadSound
from kiosk.when_cut import WhenCut

RECORDERS = (StaffRole.CLERK, StaffRole.EDITOR, StaffRole.ADMINISTRATOR)
PAGE_SIZE = 20
LARGEST_UPLOAD = 5 * 1024 * 1024
MICROPHONE = "camera=(), microphone=(self), geolocation=(), usb=(), serial=(), hid=()"
WORDS = {
    Standing.MISSING: "没有录", Standing.OUTDATED: "话改了", Standing.BROKEN: "坏了", Standing.RECORDED: "录好了",
}  # fmt: skip

duty = StaffDuty("voice_recorder", title="录提示音", roles=RECORDERS, when_cut=WhenCut.HERE)


@dataclass(frozen=True)
class PackRow:
    """One voice in the list of voices."""

    tag: str
    name: str
    speaker: str
    counts: tuple[tuple[Standing, str, int], ...]


@duty.after_request
def allow_microphone(answer: Response) -> Response:
    """Only the pages of this duty may ask for the microphone."""
    answer.headers["Permissions-Policy"] = MICROPHONE
    return answer


@duty.get("/")
def show() -> str:
    """The voices of this machine, and how far each is recorded."""
    voice = machine().voice
    rows = [PackRow(pack.tag, pack.about.name, pack.about.speaker, counts(sheet(pack))) for pack in voice.packs]
    return duty.page("packs", rows=rows, refused=voice.refused, engine=voice.engine)


@duty.get("/<tag>/")
def pack(tag: str) -> str:
    """The prompts of one voice that stand as ``show`` says."""
    found = sheet(pack_of(tag))
    standing = standing_of(request.args.get("show", ""))
    rows = found.of(standing)
    page = max(1, request.args.get("page", 1, type=int))
    return duty.page(
        "pack", tag=tag, about=pack_of(tag).about, counts=counts(found), standing=standing, words=WORDS,
        rows=rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], page=page, pages=max(1, -(-len(rows) // PAGE_SIZE)),
        unused=found.unused,
    )  # fmt: skip


@duty.get("/<tag>/<key>")
def prompt(tag: str, key: str) -> str:
    """One prompt: its words, its clip, the microphone."""
    return prompt_page(tag, key)


def prompt_page(tag: str, key: str, refused: str = "") -> str:
    """The page of a prompt; ``refused``: why a recording was not taken."""
    voice, found = pack_of(tag), prompt_of(tag, key)
    return duty.page("prompt", refused=refused, tag=tag, about=voice.about, prompt=found, row=row_of(voice, found),
                     recorded=voice.file_of(key) is not None, mine=(voice.own / f"{key}.wav").is_file())  # fmt: skip


@duty.get("/<tag>/<key>/clip", by_hand=False)
def clip(tag: str, key: str) -> ResponseReturnValue:
    """What was recorded, as WAV."""
    sound = pack_of(tag).sound(key)
    if sound is None:
        raise NoSuchPage("no clip, or a broken one")
    return Response(sound.wav(), mimetype="audio/wav")


@duty.get("/<tag>/<key>/machine", by_hand=False)
def by_machine(tag: str, key: str) -> ResponseReturnValue:
    """How the machine reads the words while nobody recorded them; 204 where it cannot."""
    voice, found = pack_of(tag), prompt_of(tag, key)
    try:
        sound = machine().voice.spoken(found.words, voice.about.language)
    except NoSpeech:
        return make_response("", 204)
    return Response(sound.wav(), mimetype="audio/wav")


@duty.post("/<tag>/<key>")
def record(tag: str, key: str) -> ResponseReturnValue:
    """Keep an uploaded or recorded WAV (``clip``); on to the next prompt. 400 with the reason for one of no use."""
    voice, found = pack_of(tag), prompt_of(tag, key)
    file = request.files.get("clip")
    try:
        sound = usable(file.read(LARGEST_UPLOAD) if file else b"")
    except BadSound as error:
        return make_response(prompt_page(tag, key, WHY[str(error)]), 400)
    voice.keep(key, Clip(words=found.words, day=f"{machine().clock.local():%Y-%m-%d}"), sound)
    note(Happening.CLIP_RECORDED, tag, key)
    following = sheet(voice).next_after(key)
    return duty.to("prompt", tag=tag, key=following.prompt.key) if following else duty.to("pack", tag=tag)


@duty.post("/<tag>/<key>/drop")
def drop(tag: str, key: str) -> Response:
    """Forget this machine's recording of a prompt."""
    pack_of(tag).drop(key)
    note(Happening.CLIP_DROPPED, tag, key)
    return duty.to("pack", tag=tag, show=Standing.MISSING)


def pack_of(tag: str) -> Pack:
    """A voice by its tag."""
    for found in machine().voice.packs:
        if found.tag == tag:
            return found
    raise NoSuchPage("no such voice")


def prompt_of(tag: str, key: str) -> Prompt:
    """A prompt of a voice by its id."""
    for found in machine().voice.prompts(pack_of(tag)):
        if found.key == key:
            return found
    raise NoSuchPage("no such prompt")


def sheet(voice: Pack) -> Sheet:
    """How far it is recorded."""
    return sheet_of(machine().voice.prompts(voice), voice.clips(), voice.broken)


def row_of(voice: Pack, found: Prompt) -> object:
    """How a prompt stands."""
    return next(row for row in sheet(voice).rows if row.prompt.key == found.key)


def counts(found: Sheet) -> tuple[tuple[Standing, str, int], ...]:
    """How many prompts stand how."""
    return tuple((standing, WORDS[standing], len(found.of(standing))) for standing in Standing)


def standing_of(text: str) -> Standing:
    """What the address asks for; what is missing where it says nothing."""
    return Standing(text) if text in tuple(Standing) else Standing.MISSING


def note(happening: Happening, tag: str, key: str) -> None:
    """Who changed which clip."""
    machine().journal.write(happening, clerk=g.clerk.account, voice=tag, prompt=key)
