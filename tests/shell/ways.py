"""Every way out of the shell that is tried: how, and what shuts it. docs/ways-out.md is made from this table.

``number``: that of the list in docs/ways-out.md's source, the security tests (1–11, 38, 39), where it stands there.
"""

from __future__ import annotations

from dataclasses import dataclass

SHELL, POLICY, PAGE = "no menus, tabs, windows (flags)", "the policy file", "static/shell.js"


@dataclass(frozen=True)
class Key:
    """Keys held together, and what Chromium does with them where nobody shuts it."""

    keys: str
    does: str
    number: int = 2


@dataclass(frozen=True)
class Act:
    """What a page does, or makes a finger do. ``script``: on a click anywhere; ``body``: what fills the page; ``hand``:
    how it is touched (click, middle, right, hold, drag, ctrl, shift)."""

    name: str
    does: str
    script: str = ""
    body: str = ""
    hand: str = "click"
    number: int = 1
    shut_by: str = POLICY
    fades: bool = False


KEYS = (
    Key("ctrl+p", "the print dialog"), Key("ctrl+shift+p", "the system's print dialog"),
    Key("F12", "developer tools"), Key("ctrl+shift+i", "developer tools"), Key("ctrl+shift+j", "their console"),
    Key("ctrl+shift+c", "their inspector"), Key("ctrl+u", "the source of the page"),
    Key("ctrl+n", "a new window"), Key("ctrl+shift+n", "an incognito window"), Key("ctrl+t", "a new tab"),
    Key("ctrl+shift+t", "the tab closed last"), Key("ctrl+Tab", "the next tab"), Key("ctrl+w", "closes the tab"),
    Key("ctrl+shift+w", "closes the window"), Key("alt+F4", "closes the window"), Key("F11", "leaves the full screen"),
    Key("Escape", "leaves the full screen"), Key("F1", "help on the network"), Key("ctrl+o", "the file dialog"),
    Key("ctrl+s", "saves the page"), Key("ctrl+j", "the downloads"), Key("ctrl+h", "the history"),
    Key("ctrl+l", "the address line"), Key("alt+d", "the address line"), Key("F6", "the address line"),
    Key("ctrl+k", "the search line"), Key("ctrl+shift+o", "the bookmarks"), Key("ctrl+shift+b", "the bookmark bar"),
    Key("ctrl+d", "a bookmark"), Key("ctrl+shift+Delete", "clears what was browsed"), Key("ctrl+f", "the find bar"),
    Key("F3", "the find bar"), Key("F7", "a text cursor"), Key("shift+Escape", "the task manager"),
    Key("alt+f", "the menu"), Key("F10", "the menu"), Key("alt+space", "the window's menu"),
    Key("shift+F10", "the context menu", 3), Key("Menu", "the context menu", 3), Key("ctrl+shift+m", "another profile"),
    Key("ctrl+plus", "enlarges the page"), Key("ctrl+minus", "shrinks the page"), Key("alt+Home", "the start page"),
    Key("alt+Left", "the page before"), Key("XF86Back", "the page before"), Key("XF86HomePage", "the start page"),
    Key("ctrl+alt+F2", "another terminal", 39), Key("Print", "a picture of the screen"),
)  # fmt: skip


def link(address: str) -> str:
    """A link that fills the page."""
    return f'<a href="{address}"><p>here</p></a>'


LINKS = tuple(
    Act(f"a link to {address}", does, body=link(address), number=number, shut_by=shut_by)
    for address, does, number, shut_by in (
        ("file:///etc/passwd", "shows a file of the machine", 1, POLICY),
        ("chrome://settings", "shows the settings", 1, POLICY),
        ("view-source:http://KIOSK/", "shows the source", 1, POLICY),
        ("data:text/html,out", "shows a page of one's own", 1, POLICY),
        ("javascript:document.title='out'", "runs a script", 1, PAGE),
        ("devtools://devtools/bundled/inspector.html", "developer tools", 1, POLICY),
        ("about:version", "shows where everything lies", 1, POLICY),
        ("http://SINK/", "goes elsewhere", 1, PAGE),
        ("mailto:a@b.cn", "starts a mail program", 6, PAGE),
        ("tel:110", "starts a telephone", 6, PAGE),
        ("intent://scan/#Intent;scheme=zxing;end", "starts another program", 6, PAGE),
        ("x-own:open", "starts another program", 6, PAGE),
    )
)

ACTS = (
    *LINKS,
    Act("location = file:", "shows a file of the machine", "location.href = 'file:///etc/passwd'"),
    Act("location = elsewhere", "goes elsewhere", "location.href = 'http://SINK/'", shut_by=PAGE),
    Act("a form sent elsewhere", "goes elsewhere", "document.forms[0].submit()",
        '<form method="post" action="http://SINK/"><p>here</p></form>', shut_by=PAGE),
    Act("window.open of a file", "a window with a file", "window.open('file:///etc/passwd')", number=5),
    Act("window.open of elsewhere", "a window elsewhere", "window.open('http://SINK/')", number=5, shut_by=PAGE),
    Act("target=_blank", "a second window", body='<a href="/attack/again" target="_blank"><p>here</p></a>', number=5,
        shut_by=PAGE),
    Act("middle click on a link", "a second tab", body=link("/attack/again"), hand="middle", number=5, shut_by=PAGE),
    Act("Ctrl and a click on a link", "a second tab", body=link("/attack/again"), hand="ctrl", number=5, shut_by=PAGE),
    Act("Shift and a click on a link", "a second window", body=link("/attack/again"), hand="shift", number=5,
        shut_by=PAGE),
    Act("right click on text", "the context menu", body="<p>here</p>", hand="right", number=3, shut_by=PAGE),
    Act("right click on a link", "the context menu", body=link("/attack/again"), hand="right", number=3, shut_by=PAGE),
    Act("right click on a picture", "the context menu", body='<img src="/picture.png" alt="">', hand="right", number=3,
        shut_by=PAGE),
    Act("holding text for two seconds", "the context menu", body="<p>here</p>", hand="hold", number=3, shut_by=PAGE),
    Act("a link drawn to another place", "the browser opens it", body=link("http://SINK/"), hand="drag", shut_by=PAGE),
    Act("input type=file", "the file dialog", "document.querySelector('input').click()",
        '<p>here</p><input type="file" hidden>', number=4, shut_by=PAGE),
    Act("showOpenFilePicker", "the file dialog", "showOpenFilePicker().catch(() => 0)", number=4),
    Act("showSaveFilePicker", "the file dialog", "showSaveFilePicker().catch(() => 0)", number=4),
    Act("a link with download", "keeps a file", body='<a href="/file.bin" download><p>here</p></a>', shut_by=PAGE),
    Act("an answer that is a file", "keeps a file", "location.href = '/file.bin'", fades=True),
    Act("window.print()", "the print dialog", "window.print()", number=2),
    Act("where is this machine", "a question bubble", "navigator.geolocation.getCurrentPosition(() => 0)"),
    Act("may I tell you news", "a question bubble", "Notification.requestPermission()"),
    Act("camera and microphone", "a question bubble",
        "navigator.mediaDevices.getUserMedia({video: true, audio: true}).catch(() => 0)"),
    Act("a picture of the screen", "a choice of windows", "navigator.mediaDevices.getDisplayMedia().catch(() => 0)"),
    Act("a USB device", "a choice of devices", "navigator.usb?.requestDevice({filters: []}).catch(() => 0)"),
    Act("a serial device", "a choice of devices", "navigator.serial?.requestPort().catch(() => 0)"),
    Act("a HID device", "a choice of devices", "navigator.hid?.requestDevice({filters: []}).catch(() => 0)"),
    Act("a Bluetooth device", "a choice of devices",
        "navigator.bluetooth?.requestDevice({acceptAllDevices: true}).catch(() => 0)"),
    Act("the clipboard", "a question bubble", "navigator.clipboard.readText().catch(() => 0)"),
    Act("a question for a password", "a dialog", "fetch('/password').catch(() => 0)"),
    Act("a password to be remembered", "a bubble", "document.forms[0].requestSubmit()",
        '<form action="/attack/again" method="post"><input value="a"><input type="password" value="b"></form>'),
    Act("all windows of the machine", "a question bubble", "window.getScreenDetails?.().catch(() => 0)"),
    Act("the letters of the machine", "a question bubble", "window.queryLocalFonts?.().catch(() => 0)"),
    Act("moving the window away", "shows what lies behind", "window.moveTo(300, 300); window.resizeTo(200, 200)",
        shut_by=PAGE),
    Act("closing the window", "shows what lies behind", "window.close()", shut_by=SHELL),
)  # fmt: skip
