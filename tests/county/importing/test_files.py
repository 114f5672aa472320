"""Whole files: every way in which a table program writes them, and what is refused before a row is read."""

import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from county.importing.findings import FileRefused
from county.importing.headings import heading_of
from county.importing.sheets import sheets_of
from tests.county.importing.files import RESIDENTS, book, number, resident, table

ROW = (number(1), "示例居民", "汉", "510521109")


def rows_in(file: Path):
    return [(place, row) for sheet in sheets_of(file) for place, row in sheet.rows()]


def heading(file: Path):
    return heading_of(sheets_of(file)[0].rows(), None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_read_in_every_encoding_that_offices_use(tmp_path, encoding):
    file = table(tmp_path / "a.csv", resident(姓名="示例·𬱖"), encoding=encoding)
    found = heading(file)
    assert (found.kind.key, found.row) == ("resident", 1)
    assert rows_in(file)[1][1][1] == "示例·𬱖"


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_are_noticed(tmp_path, delimiter):
    file = tmp_path / "a.csv"
    file.write_text(f"居民名册\n{delimiter.join(RESIDENTS)}\n{delimiter.join(ROW)}\n", encoding="utf-8")
    assert heading(file).kind.key == "resident"


def test_a_title_blank_rows_remarks_and_another_order_are_no_hindrance(tmp_path):
    file = book(
        tmp_path / "a.xlsx", ("泸县居民名册",), (),
        ("姓名*", "备注", "民族 ", "行政区划代码（9位）", "社会保障号码"), (),
        ("示例居民", "", "汉", 510521109, number(1)), (None, "", "  ", None, None), (),
    )  # fmt: skip
    found = heading(file)
    assert (found.kind.key, found.row, found.ignored) == ("resident", 3, ("备注",))
    assert [place for place, _ in rows_in(file)] == [1, 3, 5, 6]


def test_dates_and_numbers_of_a_workbook_keep_their_kind(tmp_path):
    day = datetime(2026, 3, 15)  # noqa: DTZ001 - as the table program has it
    file = book(tmp_path / "a.xlsx", (day, 360.5, 510521109, "=1+1", True))
    ((_, row),) = rows_in(file)
    assert row[:3] == (day, 360.5, 510521109)
    assert type(row[3]).__name__ == "Formula"


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (("社会保障号码", "姓名", "民族"), "缺少列：行政区划代码"),
        (
            ("缴费金额", None, "社会保障号码", "费款所属期", "险种类型"),
            "缺少列：缴费基数、个人缴费金额、缴费标志.*合并",
        ),
        (("甲", "乙"), "没有找到表头"),
        ((*RESIDENTS, "身份证号"), "两列都是“社会保障号码”"),
    ],
)
def test_a_header_that_is_not_whole_names_what_is_missing(tmp_path, columns, words):
    file = book(tmp_path / "a.xlsx", columns, ROW)
    with pytest.raises(FileRefused, match=words):
        heading(file)


def old_workbook(file):
    file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))


def bomb(file):
    book(file, RESIDENTS, ROW)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/media/zeros.xml", b"0" * (24 << 20))


def many_parts(file):
    book(file, RESIDENTS, ROW)
    with zipfile.ZipFile(file, "a") as packed:
        for part in range(2500):
            packed.writestr(f"x/{part}", b"")


def entities(file):
    book(file.with_suffix(".tmp.xlsx"), RESIDENTS, ROW)
    begin = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    with zipfile.ZipFile(file.with_suffix(".tmp.xlsx")) as source, zipfile.ZipFile(file, "w") as packed:
        for part in source.namelist():
            content = source.read(part)
            if part.endswith("sheet1.xml"):
                content = begin + content.partition(b"?>")[2] if content.startswith(b"<?xml") else begin + content
            packed.writestr(part, content)


def far_row(file):
    book(file.with_suffix(".tmp.xlsx"), RESIDENTS, ROW)
    with zipfile.ZipFile(file.with_suffix(".tmp.xlsx")) as source, zipfile.ZipFile(file, "w") as packed:
        for part in source.namelist():
            content = source.read(part)
            packed.writestr(part, content.replace(b'<row r="2"', b'<row r="999999999999"'))


def not_a_workbook(file):
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("hello.txt", "hello")


def cut_off(file):
    whole = book(file, RESIDENTS, *[ROW] * 300).read_bytes()
    file.write_bytes(whole[: len(whole) // 2])


def cut_off_text(file):
    file.write_text(",".join(RESIDENTS) + f'\n{number(1)},"示例居', encoding="utf-8")


def picture(file):
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(128, 256)) * 20)


def nothing(file):
    file.write_bytes(b"")


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (old_workbook, "另存为 .xlsx"), (bomb, "压缩比"), (many_parts, "太大"), (entities, "不是能读的"),
        (far_row, "1048576 行"), (not_a_workbook, "不是能读的"), (cut_off, "损坏"), (cut_off_text, "截断"),
        (picture, "编码"), (nothing, "空文件"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused_with_words(tmp_path, made, words):
    file = tmp_path / "a.xlsx"
    made(file)
    with pytest.raises(FileRefused, match=words):
        rows_in(file)


def test_a_file_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(FileRefused, match="打不开"):
        sheets_of(tmp_path / "none.csv")
