"""A receipt as the hall prints it, and a printer on a loopback socket with the real driver in front of it."""

from __future__ import annotations

import pytest

from devices.printer import Pair, Qr, Receipt, Rule, Text
from devices.printer.escpos import EscposPrinter
from devices.printer.simulated import PrinterEmulator


@pytest.fixture(scope="session")
def receipt():
    return Receipt(
        "K1-20260301-0007",
        (
            Text("云锦镇便民服务中心", size=2, bold=True, centred=True),
            Text("养老保险待遇资格认证回执", bold=True, centred=True),
            Rule(),
            Pair("姓名", "阿卜杜热合曼·买买提"),
            Pair("认证结果", "已通过"),
            Pair("参保单位", "四川省泸州市泸县云锦镇石马村股份经济合作联合社"),
            Text("本回执不作为参保证明（示例值），如有疑问，请到1号窗口找工作人员。"),
            Qr("K1.20260301.0007." + "A1b2C3d4" * 8, "手机扫一扫，核对这张回执"),
        ),
    )


@pytest.fixture
def emulator():
    device = PrinterEmulator()
    yield device
    device.close()
    assert device.drawer_kicks == 0


@pytest.fixture
def printer(emulator):
    driver = EscposPrinter(emulator.url, heartbeat=0.3)
    yield driver
    driver.close()
