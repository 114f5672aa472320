"""Forty invented policies in plain words. No amount in them is real; where one is named it says 示例值."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from contract.feed import Policy
from county.demo.policy_texts import POLICY_TEXTS

FIRST_SENTENCE = "本文是演示用的示例，不是正式文件。"
LAST_SENTENCE = "正式条件和标准请问窗口，以县里公布为准。"
_SIGNS = {
    "县人社局": "泸县人社示例",
    "县医保局": "泸县医保示例",
    "县就业局": "泸县就业示例",
    "县社保局": "泸县社保示例",
}


@dataclass(frozen=True, slots=True)
class _Text:
    title: str
    issuer: str
    summary: str
    body: str


def _texts() -> Iterator[_Text]:
    """The first and the last sentence of each body say that it is a sample."""
    for block in POLICY_TEXTS.strip().split("\n\n"):
        head, middle, remark = block.splitlines()
        title, issuer, summary = head.split("|")
        yield _Text(title, issuer, summary, f"{FIRST_SENTENCE}{middle}{remark}{LAST_SENTENCE}")


def invented_policies(rng: Random, today: date) -> tuple[Policy, ...]:
    """All forty, issued within the last two years."""
    policies: list[Policy] = []
    for place, text in enumerate(_texts(), start=1):
        issued = today - timedelta(days=rng.randint(20, 700))
        policies.append(
            Policy(
                policy_no=f"ZC{place:04d}",
                title=text.title,
                issuer=f"{text.issuer}（示例）",
                document_number=f"{_SIGNS[text.issuer]}〔{issued.year}〕{place}号",
                issued_on=issued,
                summary=text.summary,
                body=text.body,
            )
        )
    return tuple(policies)
