from __future__ import annotations

import io

import pytest
import qrcode
from PIL import Image

from devices.printer import Pair, Qr, Receipt, Text
from devices.printer.raster import DOTS_58_MM, ReceiptTooWide, as_text, draw, qr_image, render_png, wrap
from devices.printer.typeface import SUBSET, SYSTEM_FONT, VENDORED_FONT, FontFile, FontPlace, open_typeface

RARE = "𬱖㼆䶮"
ABSENT = FontPlace(FontFile(SUBSET.with_name("not-there.ttc")))

GOLDEN = """\
           云锦镇便民服务中心
        养老保险待遇资格认证回执
----------------------------------------
姓名                 阿卜杜热合曼·买买提
认证结果                          已通过
参保单位
  四川省泸州市泸县云锦镇石马村股份经济合
  作联合社
本回执不作为参保证明（示例值），如有疑
问，请到1号窗口找工作人员。
[二维码] K1.20260301.0007.A1b2C3d4A1b2C3d4A1b2C3d4A1b2C3d4A1b2C3d4A1b2C3d4A1b2C3d4A1b2C3d4
        手机扫一扫，核对这张回执
"""


def black_box(image):
    return Image.eval(image.convert("L"), lambda grey: 255 - grey).getbbox()


def test_the_receipt_reads_as_plain_text(receipt):
    assert as_text(receipt) == GOLDEN


def test_the_png_is_one_bit_and_as_wide_as_the_head(receipt):
    for width in (576, DOTS_58_MM):
        image = Image.open(io.BytesIO(render_png(receipt, width)))
        assert (image.mode, image.width) == ("1", width)
        left, _, right, _ = black_box(image)
        assert left >= 8
        assert right <= width - 8


def test_twenty_chinese_characters_fill_one_line_of_80_mm():
    twenty, one_more = (draw(Receipt("n", (Text("保" * count),))).height for count in (20, 21))
    assert draw(Receipt("n", (Text("保"),))).height == twenty < one_more


def test_a_heading_is_twice_as_high_as_the_body():
    def height(size):
        _, top, _, bottom = black_box(draw(Receipt("n", (Text("国", size=size),))))
        return bottom - top

    assert height(1) >= 24
    assert height(2) == pytest.approx(2 * height(1), abs=2)


def test_a_heading_never_leaves_one_character_alone():
    assert as_text(Receipt("n", (Text("泸" * 21, centred=True),))).split() == ["泸" * 11, "泸" * 10]


def test_a_name_of_forty_characters_wraps_and_keeps_every_character():
    name = "古丽巴哈尔·阿卜杜热合曼·买买提明·吐尔逊江·艾合买提江·玉素甫艾力·居马"
    rows = wrap(name, len, 12)
    assert "".join(rows) == name
    assert max(len(row) for row in rows) <= 12
    assert not any(row.startswith("·") for row in rows)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("请到窗口，取件", ["请到窗", "口，取", "件"]),
        ("一二三四，五", ["一二三", "四，五"]),
        ("一二三。四", ["一二", "三。四"]),
        ("共（五）人", ["共", "（五）", "人"]),
        ("abcdefg", ["abc", "def", "g"]),
        ("ab cd", ["ab", "cd"]),
        ("一\n二", ["一", "二"]),
        ("", [""]),
        ("，，，，", ["，，，", "，"]),
    ],
)
def test_lines_break_where_a_chinese_printer_would(text, rows):
    assert wrap(text, len, 3) == rows


def test_a_value_moves_to_its_own_line_when_it_does_not_fit():
    beside, below = (draw(Receipt("n", (Pair("单位", "社" * count),))) for count in (17, 18))
    assert below.height > beside.height
    assert as_text(Receipt("n", (Pair("单位", "社" * 18),))) == "单位\n    " + "社" * 18 + "\n"


def test_the_qr_code_on_paper_is_the_code_module_for_module():
    content = "K1." + "A1b2C3d4" * 20
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4)
    code.add_data(content)
    code.make(fit=True)
    matrix = code.get_matrix()
    paper = draw(Receipt("n", (Qr(content),)))
    left, top, right, _ = black_box(paper)
    dots = (right - left) // (len(matrix) - 8)
    assert dots >= 6
    read = [
        [paper.getpixel((left + dots * x + dots // 2, top + dots * y + dots // 2)) == 0 for x in range(len(matrix) - 8)]
        for y in range(len(matrix) - 8)
    ]
    assert read == [row[4:-4] for row in matrix[4:-4]]
    assert left >= 4 * dots


def test_a_qr_code_keeps_six_dots_a_module_up_to_what_is_promised():
    for content, width in (("x" * 504, 576), ("x" * 180, DOTS_58_MM)):
        image = qr_image(content, width)
        left = black_box(image)[0]
        assert left >= 4 * 6
    with pytest.raises(ReceiptTooWide):
        qr_image("x" * 1500, DOTS_58_MM)


@pytest.mark.parametrize("place", [SYSTEM_FONT, VENDORED_FONT])
def test_rare_characters_of_names_are_really_drawn(place):
    if not place.present:
        pytest.skip("Noto Sans CJK is not installed here; the vendored subset is tried by the other case")
    typeface = open_typeface([place])
    assert [typeface.has(character) for character in RARE + "泸玥喆"] == [True] * 6
    assert not typeface.has("\U000e0fff")


def test_the_vendored_subset_serves_where_the_system_has_no_chinese_font(receipt):
    typeface = open_typeface([ABSENT, VENDORED_FONT])
    assert typeface.place is VENDORED_FONT
    assert draw(receipt, typeface=typeface).size == draw(receipt).size
    assert (
        draw(Receipt("n", (Text("一"),)), typeface=typeface).tobytes()
        != draw(Receipt("n", (Text("一", bold=True),)), typeface=typeface).tobytes()
    )
    with pytest.raises(FileNotFoundError, match="not-there"):
        open_typeface([ABSENT])


def test_the_subset_holds_every_character_of_gb2312_and_stays_small():
    typeface = open_typeface([VENDORED_FONT])
    level_one = [bytes((high, low)).decode("gb2312") for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFA, 11)]
    punctuation = "，。、；：！？（）《》“”‘’…—·￥"
    assert [character for character in [*level_one, *punctuation] if not typeface.has(character)] == []
    assert SUBSET.stat().st_size <= 2_500_000
