"""Tests of printers: a slip and an A4 page with date, ruler and rare characters, which the clerk looks at."""

from __future__ import annotations

import time
from collections.abc import Callable

from devices.printer import PagePrinter, Pages, Pair, Receipt, ReceiptPrinter, Rule, Text
from kiosk.device_tests import Outcome, Trial
from kiosk.device_words import took
from kiosk.pages import Column, Statement, pdf_of
from kiosk.receipts import Stamp

RULER = "一二三四五六七八九十" * 2
RULE_WORDS = "满一行：80 毫米纸二十字，58 毫米纸十三字"
SAMPLE = "张𬱖 李伟 王秀英，泸县云龙镇"


def print_a_slip(printer: ReceiptPrinter, stamp: Callable[[], Stamp], trial: Trial) -> Outcome:
    """A slip with date, ruler and rare characters; the clerk looks at the paper."""
    trial.say("正在打印，请看纸")
    began = time.monotonic()
    printer.print(slip_of(stamp()))
    return Outcome(
        passed=True,
        words=(
            "打印机说打好了" if printer.confirms else "已送到打印机，它不会回话",
            "请看纸：两条横线到边，数到的字数对，𬱖字不缺笔",
            took(time.monotonic() - began),
        ),
    )


def slip_of(stamp: Stamp) -> Receipt:
    """What a receipt printer has to show."""
    return Receipt(
        f"test-{stamp.at:%Y%m%d%H%M%S}",
        (
            Text("打印机检测", size=2, centred=True),
            Rule(),
            Pair("时间", f"{stamp.at:%Y-%m-%d %H:%M:%S}"),
            Pair("机器", stamp.kiosk),
            Text(RULER),
            Text(RULE_WORDS),
            Text(SAMPLE),
            Text(SAMPLE, bold=True),
            Rule(),
        ),
    )


def print_a_page(printer: PagePrinter, stamp: Callable[[], Stamp], trial: Trial) -> Outcome:
    """A page with date, ruler, a table and rare characters."""
    trial.say("正在打印，请看纸")
    began, now = time.monotonic(), stamp()
    statement = page_of(now)
    printer.print(Pages(statement.number, pdf_of(statement, now)))
    seconds = time.monotonic() - began
    return Outcome(passed=True, words=("打印机说打好了", "请看纸：四边不缺，𬱖字不缺笔", took(seconds)))


def page_of(stamp: Stamp) -> Statement:
    """What an A4 printer has to show."""
    return Statement(
        number=f"test-{stamp.at:%Y%m%d%H%M%S}",
        title="打印机检测",
        facts=(("时间", f"{stamp.at:%Y-%m-%d %H:%M:%S}"), ("机器", stamp.kiosk), ("宽度", RULER)),
        columns=(Column("字", 3), Column("数", 1, figures=True)),
        rows=((SAMPLE, "12,345.67"),),
    )
