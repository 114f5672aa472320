"""A page as a test reads it: its words, links and forms, and the promises every page keeps."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "input", "br", "hr", "img", "rect", "line", "use", "path", "circle"})

ICON = re.compile(r'<use href="#([\w-]+)"')


@dataclass
class Link:
    """Something that leads to another page."""

    words: str
    href: str


@dataclass
class Form:
    """A form with its fields and the buttons that send it."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    """Words, name and value of each submitting button."""


class Page(HTMLParser):
    """Reads one answer; ``promises()`` lists what it breaks."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.words = ""
        self.attributes: dict[str, str] = {}
        self.links: list[Link] = []
        self.forms: list[Form] = []
        self.headings: list[str] = []
        self.broken: list[str] = []
        self._ids: Counter[str] = Counter()
        self._open: list[tuple[str, dict[str, str], int]] = []
        self._form: Form | None = None
        self._option: tuple[str, str] = ("", "")
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        self._promised(tag, given)
        if given.get("id") == "page":
            self.attributes = given
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        if tag == "input" and self._form is not None and given.get("name"):
            self._input(given)
        if tag == "textarea" and self._form is not None:
            self._form.fields[given["name"]] = ""
        if tag == "select":
            self._option = (given.get("name", ""), "")
        if (
            tag == "option"
            and self._form is not None
            and ("selected" in given or self._option[0] not in self._form.fields)
        ):
            self._form.fields[self._option[0]] = given.get("value", "")
        if tag not in VOID:
            self._open.append((tag, given, len(self.words)))

    def _input(self, given):
        if given.get("type") in ("checkbox", "radio") and "checked" not in given:
            return
        if given.get("type") == "submit":
            self._form.buttons.append((given.get("value", ""), given["name"], given.get("value", "")))
            return
        self._form.fields[given["name"]] = given.get("value", "")

    def _promised(self, tag, given):
        if given.get("id"):
            self._ids[given["id"]] += 1
        if "style" in given:
            self.broken.append(f"style= on <{tag}>")
        self.broken += [f"{name}= on <{tag}>" for name in given if name.startswith("on")]
        for name in ("src", "href", "action"):
            if given.get(name, "").startswith(("http:", "https:", "//")):
                self.broken.append(f"outside address {given[name]}")
        if tag == "style" or (tag == "script" and "src" not in given):
            self.broken.append(f"inline <{tag}>")

    def handle_data(self, data):
        tags = [tag for tag, _, _ in self._open]
        if "script" in tags or "title" in tags:
            return
        if tags and tags[-1] == "textarea" and self._form is not None:
            self._form.fields[self._open[-1][1]["name"]] = data
        self.words += data

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        while self._open:
            name, given, start = self._open.pop()
            self._closed(name, given, " ".join(self.words[start:].split()))
            if name == tag:
                return

    def _closed(self, tag, given, words):
        if tag == "a" and given.get("href"):
            self.links.append(Link(words, given["href"]))
        if tag == "h1":
            self.headings.append(words)
        if tag == "button" and self._form is not None and given.get("type", "submit") == "submit":
            self._form.buttons.append((words, given.get("name", ""), given.get("value", "")))
        if tag == "form":
            self._form = None

    @property
    def text(self) -> str:
        """All words, with single blanks."""
        return " ".join(self.words.split())

    def promises(self) -> list[str]:
        """What every page promises and this one does not keep."""
        broken = list(self.broken)
        broken += [f"{len(self.headings)} h1 instead of one"] if len(self.headings) != 1 else []
        broken += [f"id {name} stands {number} times" for name, number in self._ids.items() if number > 1]
        if self.html.lstrip().lower().startswith("<!doctype"):
            broken += [f"icon {name} is not drawn" for name in ICON.findall(self.html) if f'"{name}"' not in self.html]
        return broken
