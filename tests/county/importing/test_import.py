"""From a county's files into the hub: a preview, then all of it or nothing."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from contract.codes import VerificationMethod
from contract.feed import FeedKind
from contract.residents import InsuranceStatement, PensionStatement
from county import models
from county.importing import landing, run
from county.importing.command import Wanted, imported
from county.importing.kinds import KINDS
from county.registers import keep_pension, pension_of, resident_numbered
from county.settings import SettingsError
from tests.county.importing.files import EXAMPLES, RESIDENTS, book, month, number, resident, table, take

FILES = tuple(sorted(EXAMPLES.glob("*.csv")))
TABLES = (models.residents, models.cards, models.participations, models.contribution_months, models.pensions,
          models.employers)  # fmt: skip
BENEFIT = {"待遇名称": "城乡居民养老金", "待遇发放状态": "1"}


def counted(office) -> list[int]:
    with office.hub.store.reading() as connection:
        found = [connection.scalar(select(func.count()).select_from(table)) for table in TABLES]
        mine = models.feed.c.kind == FeedKind.POSTING.value
        return [*found, connection.scalar(select(func.count()).select_from(models.feed).where(mine))]


def test_a_preview_writes_nothing_and_an_import_everything_once(empty_office):
    ended, said = take(empty_office, *FILES)
    assert (ended, counted(empty_office)) == (0, [0] * 7)
    assert "预览" in said
    assert "居民：新增 4，更改 0，不变 0，有错 0 行" in said
    assert take(empty_office, *FILES, apply=True)[0] == 0
    assert counted(empty_office) == [4, 2, 3, 14, 2, 2, 3]
    with empty_office.hub.store.reading() as connection:
        before = connection.scalar(select(func.max(models.feed.c.revision)))
    ended, said = take(empty_office, *reversed(FILES), apply=True)
    for title, rows in (("居民", 4), ("缴费", 14), ("待遇领取人员", 2), ("单位", 2), ("岗位", 3)):
        assert f"{title}：新增 0，更改 0，不变 {rows}，有错 0 行" in said
    with empty_office.hub.store.reading() as connection:
        assert connection.scalar(select(func.max(models.feed.c.revision))) == before
    assert counted(empty_office) == [4, 2, 3, 14, 2, 2, 3]


def test_who_was_imported_is_served_at_a_kiosk(empty_office):
    take(empty_office, *FILES, apply=True)
    rows = list(csv.DictReader((EXAMPLES / "居民.csv").read_text(encoding="utf-8-sig").splitlines()))
    cards = {row["姓名"]: row for row in rows if row["社会保障卡号"]}

    def ask(name, path):
        card = {
            "social_security_no": cards[name]["社会保障号码"], "card_number": cards[name]["社会保障卡号"],
            "identification": cards[name]["卡识别码"], "card_version": cards[name]["卡规范版本"], "insertion": name,
        }  # fmt: skip
        sitting = empty_office.client.post("/v1/sittings", json=card).json
        assert sitting["name"] == name
        return empty_office.ask(path, sitting["sitting"]).data

    statement = InsuranceStatement.model_validate_json(ask("示例建国", "insurance"))
    pension = statement.branches[0].participations[0]
    assert (pension.unit, pension.first_month, pension.last_month, pension.months) == (
        "示例纸品包装厂", "2026-01", "2026-10", 10,
    )  # fmt: skip
    assert str(pension.account_balance) == "21600.00"
    told = PensionStatement.model_validate_json(ask("示例·阿依古丽", "pension"))
    assert (told.drawn_since, str(told.monthly_amount)) == ("2022-04", "186.50")
    feed = empty_office.client.get("/v1/feed").json["items"]
    assert {item["body"]["employer"]["name"] for item in feed} == {
        "示例纸品包装厂", "示例家政服务部", "示例村村民委员会",
    }  # fmt: skip


def test_every_bad_row_is_named_and_nothing_of_the_file_is_taken(empty_office, tmp_path):
    people = table(
        tmp_path / "人.csv", resident(1), resident(2, 社会保障号码=number(2)[:-1] + "A"), resident(3, 民族="火星"),
        resident(1, 姓名="另一个"), resident(5, 姓名=""),
    )  # fmt: skip
    months = table(
        tmp_path / "月.csv", month(1), month(1), month(9), month(1, "202613"), month(1, "202604", 险种类型="390"),
        month(1, "202605", 个人缴费金额="3.999"), month(1, "209901"), month(1, "202606", 缴费标志="也许"),
        month(1, "202607", 单位名称=""),
    )  # fmt: skip
    ended, said = take(empty_office, people, months, apply=True)
    assert ended == 1
    assert "什么都没有导入" in said
    assert counted(empty_office) == [0] * 7
    report = list(csv.DictReader((tmp_path / "report.csv").read_text(encoding="utf-8-sig").splitlines()))
    told = [(row["文件"], row["行"], row["列"]) for row in report]
    assert told == [
        ("人.csv", "3", "社会保障号码"), ("人.csv", "4", "民族"), ("人.csv", "6", "姓名"),
        ("人.csv", "5", "社会保障号码"), ("月.csv", "5", "费款所属期"), ("月.csv", "6", "险种类型"),
        ("月.csv", "7", "个人缴费金额"), ("月.csv", "9", "缴费标志"),
        ("月.csv", "10", "单位名称"), ("月.csv", "3", "费款所属期"), ("月.csv", "4", "社会保障号码"),
        ("月.csv", "8", "费款所属期"),
    ]  # fmt: skip
    by_place = {(row["文件"], row["行"]): row for row in report}
    assert "人.csv 第 2 行" in by_place["人.csv", "5"]["问题"]
    assert "没有这个居民" in by_place["月.csv", "4"]["问题"]
    assert "月.csv 第 2 行" in by_place["月.csv", "3"]["问题"]
    written = said + (tmp_path / "report.csv").read_text(encoding="utf-8")
    assert not [serial for serial in range(1, 10) if number(serial) in written]


def test_the_rest_may_be_taken_without_the_bad_rows(empty_office, tmp_path):
    file = table(tmp_path / "人.csv", resident(1), resident(2, 民族="火星"), resident(3))
    ended, said = take(empty_office, file, apply=True, without_bad_rows=True)
    assert (ended, counted(empty_office)[0]) == (1, 2)
    assert "有错的行没有导入" in said


def test_a_report_computes_nothing_when_it_is_opened(empty_office, tmp_path):
    file = table(tmp_path / "=人.csv", resident(1, 民族='=HYPERLINK("http://x","y")'))
    take(empty_office, file)
    (_, row) = csv.reader((tmp_path / "report.csv").read_text(encoding="utf-8-sig").splitlines())
    assert [cell[:2] for cell in row if "=" in cell] == ["'=", "'="]


def test_text_that_looks_like_a_formula_stays_text(empty_office, tmp_path):
    take(empty_office, table(tmp_path / "人.csv", resident(1, 姓名="=cmd|x")), apply=True)
    with empty_office.hub.store.reading() as connection:
        assert connection.scalar(select(models.residents.c.name)) == "=cmd|x"


def test_a_workbook_of_several_sheets_says_which_one_it_left_aside(empty_office, tmp_path):
    people, months = [RESIDENTS, tuple(resident(1).values())], [tuple(month(1)), tuple(month(1).values())]
    file = book(tmp_path / "全.xlsx", 缴费=months, 说明=[("请勿改动",)], 居民=people)
    ended, said = take(empty_office, file, apply=True)
    assert (ended, counted(empty_office)[:4]) == (0, [1, 0, 1, 1])
    assert "表“说明”没有导入" in said


def test_a_number_that_the_table_program_rounded_is_named_by_its_cause(empty_office, tmp_path):
    file = book(tmp_path / "人.xlsx", RESIDENTS, (float(number(1)), "示例居民", "汉", 510521109))
    ended, said = take(empty_office, file)
    assert ended == 1
    assert "设为“文本”" in said


def test_changed_rows_are_counted_and_written(empty_office, tmp_path):
    first = (table(tmp_path / "a.csv", resident(1), resident(2)), table(tmp_path / "b.csv", month(1), month(2)))
    take(empty_office, *first, apply=True)
    again = (
        table(tmp_path / "c.csv", resident(1, 姓名="改了名"), resident(2)),
        table(tmp_path / "d.csv", month(1, 缴费标志="0"), month(1, "202604"), month(2)),
    )
    ended, said = take(empty_office, *again, apply=True)
    assert ended == 0
    assert "居民：新增 0，更改 1，不变 1，有错 0 行" in said
    assert "缴费：新增 1，更改 1，不变 1，有错 0 行" in said
    with empty_office.hub.store.reading() as connection:
        paid = select(models.contribution_months.c.paid).order_by(models.contribution_months.c.month)
        assert connection.scalars(paid.where(models.contribution_months.c.participation == 1)).all() == [False, True]


def test_an_older_file_does_not_turn_back_what_a_later_month_said(empty_office, tmp_path):
    def status(period, words, balance):
        row = month(1, period, 缴费状态=words, 个人账户余额=balance)
        take(empty_office, table(tmp_path / "a.csv", resident(1)), table(tmp_path / "b.csv", row), apply=True)
        with empty_office.hub.store.reading() as connection:
            held = select(models.participations.c.status, models.participations.c.account_balance)
            return tuple(map(str, connection.execute(held).one()))

    assert status("202603", "参保缴费", "100") == ("paying", "100.00")
    assert status("202604", "暂停参保", "200") == ("paused", "200.00")
    assert status("202601", "参保缴费", "50") == ("paused", "200.00")


def test_a_verification_made_at_a_kiosk_is_not_turned_back_by_an_older_file(empty_office, tmp_path):
    pensioner = BENEFIT | {
        "社会保障号码": number(1),
        "认证日期": "2025-03-10",
        "认证方式": "窗口",
        "月养老金": "186.50",
    }
    files = (table(tmp_path / "a.csv", resident(1)), table(tmp_path / "b.csv", pensioner))
    take(empty_office, *files, apply=True)
    with empty_office.hub.store.writing() as connection:
        row = resident_numbered(connection, number(1))
        held = pension_of(connection, row)
        made = type(held)(held.benefit, date(2026, 3, 1), VerificationMethod.KIOSK_FINGERPRINT)
        keep_pension(connection, row, made)
    ended, said = take(empty_office, *files, apply=True)
    assert ended == 0
    assert "待遇领取人员：新增 0，更改 0，不变 1" in said
    with empty_office.hub.store.reading() as connection:
        assert pension_of(connection, row).last_verified_on == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"待遇发放状态": "2"}, "暂停日期"),
        ({"待遇发放状态": "3"}, "终止日期"),
        ({"认证日期": "20260301"}, "认证方式"),
    ],
)
def test_a_pensioners_row_that_says_half_names_the_other_half(empty_office, tmp_path, row, column):
    pensioner = (
        BENEFIT | {"社会保障号码": number(1), "暂停日期": "", "终止日期": "", "认证日期": "", "认证方式": ""} | row
    )
    files = (table(tmp_path / "a.csv", resident(1)), table(tmp_path / "b.csv", pensioner))
    ended, said = take(empty_office, *files)
    assert ended == 1
    assert column in said


def test_a_card_of_somebody_else_and_half_a_card_are_bad(empty_office, tmp_path):
    card = {
        "社会保障卡号": "L1",
        "卡识别码": "A" * 32,
        "卡规范版本": "3.0",
        "发卡日期": "20240101",
        "卡有效期至": "20340101",
    }
    take(empty_office, table(tmp_path / "a.csv", resident(1, **card)), apply=True)
    ended, said = take(empty_office, table(tmp_path / "b.csv", resident(2, **card)))
    assert "登记在另一个人名下" in said
    ended, said = take(empty_office, table(tmp_path / "c.csv", resident(2, **card | {"卡有效期至": ""})))
    assert ended == 1
    assert "要么都填" in said
    ended, said = take(empty_office, table(tmp_path / "d.csv", resident(1, **card | {"卡有效期至": "20350101"})))
    assert "更改 1" in said


def test_employers_and_their_postings_know_each_other(empty_office, tmp_path):
    posting = next(iter(csv.DictReader((EXAMPLES / "岗位.csv").read_text(encoding="utf-8-sig").splitlines())))
    employer = {"单位编号": posting["单位编号"], "单位名称": "示例厂", "统一社会信用代码": "91350100M000100Y43"}
    unknown = take(empty_office, table(tmp_path / "a.csv", posting))[1]
    assert "没有这个单位编号" in unknown
    closed = take(
        empty_office, table(tmp_path / "b.csv", employer | {"单位状态": "注销"}), table(tmp_path / "a.csv", posting)
    )
    assert "已注销" in closed[1]
    take(empty_office, table(tmp_path / "b.csv", employer), apply=True)
    other = take(empty_office, table(tmp_path / "c.csv", employer | {"单位编号": "2"}))[1]
    assert "登记在另一个单位编号下" in other
    assert "单位：新增 0，更改 1" in take(empty_office, table(tmp_path / "d.csv", employer | {"单位名称": "新名"}))[1]
    negotiable = take(empty_office, table(tmp_path / "e.csv", posting | {"计薪方式": "面议"}))[1]
    assert "面议的不填薪资" in negotiable


def test_the_countys_own_codes_are_read_by_its_table(empty_office, tmp_path):
    people = {"AAC002": number(1), "AAC003": "示例居民", "AAC004": "0", "AAC005": "01", "XZDM": "109"}
    months = {
        "AAC002": number(1), "AAE140": "17", "AAE003": "202603", "AAB004": "示例村", "AAE180": "50000",
        "AAE481": "4167", "AAE480": "500", "QFBZ": "0",
    }  # fmt: skip
    files = (table(tmp_path / "a.csv", people), table(tmp_path / "b.csv", months))
    mapping = {"mapping": "config/localities/510521/mapping.toml"}
    assert take(empty_office, *files, **mapping, apply=True)[0] == 0
    with empty_office.hub.store.reading() as connection:
        held = connection.execute(select(models.residents)).one()
        due = connection.execute(select(models.contribution_months)).one()
    assert (held.sex, held.region) == ("1", "510521109")
    assert (str(due.base), str(due.personal_share), due.paid) == ("500.00", "41.67", True)
    bad = take(empty_office, table(tmp_path / "c.csv", people | {"XZDM": "777"}), **mapping)
    assert "对照表里没有这个值（XZDM）" in bad[1]
    with pytest.raises(ValueError, match="没有找到表头"):
        take(empty_office, *files)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("system = ", "not TOML"),
        ('system = "s"\nversion = "1"\n[messages.resident.AAC999]\nname = "height"', "no column is called height"),
        ('system = "s"\nversion = "1"\n[messages.resident.A]\nname = "sex"\nvalues = 1', "messages.resident.A.values"),
    ],
)
def test_a_table_that_is_wrong_is_said_before_anything_is_read(empty_office, tmp_path, text, words):
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=words):
        take(empty_office, *FILES, mapping=str(mapping))
    with pytest.raises(SettingsError, match="cannot be read"):
        take(empty_office, *FILES, mapping=str(tmp_path / "none.toml"))


def test_without_a_file_or_with_one_that_is_refused_nothing_begins(empty_office):
    with pytest.raises(ValueError, match="name the files"):
        imported(empty_office.hub.settings, Wanted(()), print)
    with pytest.raises(ValueError, match=r"none\.csv：打不开"):
        imported(empty_office.hub.settings, Wanted((Path("none.csv"),)), print)


def test_rows_that_turned_bad_between_preview_and_import_undo_everything(empty_office, tmp_path):
    """Somebody edits the file while it is imported: what was written so far is undone."""
    file = table(tmp_path / "a.csv", *(resident(serial) for serial in range(1, landing.PORTION + 20)))
    office, hub = empty_office, empty_office.hub
    plan = run.plan_of([file], None, hub.leases)
    assert run.preview(hub.store, plan, hub.clock.now()).clean
    with file.open("a", encoding="utf-8") as stream:
        stream.write("1,2,3,4\n")
    with pytest.raises(run.NothingWritten):
        run.apply(hub.store, plan, hub.clock.now(), without_bad_rows=False, progress=lambda _rows: None)
    assert counted(office) == [0] * 7


def test_every_kind_has_a_register():
    assert set(run.REGISTERS) == {kind.key for kind in KINDS}


def test_an_expired_posting_leaves_the_feed_by_itself(empty_office):
    take(empty_office, EXAMPLES / "单位.csv", EXAMPLES / "岗位.csv", apply=True)
    assert len(empty_office.client.get("/v1/feed").json["items"]) == 3
    empty_office.later(days=(date(2027, 4, 2) - empty_office.hub.clock.today()) // timedelta(days=1))
    assert all(item["removed"] for item in empty_office.client.get("/v1/feed").json["items"])
