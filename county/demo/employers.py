"""Invented employers. Their credit codes carry the unassigned county, their phones an exchange that is not in use."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from contract.codes import Trade
from county.demo.names import TOWNS, UNASSIGNED_COUNTY

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_TEN = 10

_WORDS = (
    "禾穗", "青檬", "云桥", "双石", "锦溪", "渡口", "玉带", "竹影", "川岭", "晨渡", "麦浪", "石榴",
    "沱岸", "柚香", "金翎",
    "三棵树", "白鹭湾", "红桔", "龙灯", "雨坛",
)  # fmt: skip
_KINDS: dict[Trade, tuple[str, ...]] = {
    Trade.FACTORY: ("制衣厂", "电子配件有限公司", "食品加工厂", "纸品包装有限公司"),
    Trade.CRAFT: ("机械有限公司", "家具有限公司"),
    Trade.BUILDING: ("建筑劳务有限公司", "装饰工程有限公司"),
    Trade.DRIVING: ("物流有限公司", "快递服务部"),
    Trade.CARE: ("养老服务中心", "家政服务有限公司"),
    Trade.CATERING: ("酒楼", "农家乐", "宾馆"),
    Trade.SALES: ("商贸有限公司", "超市"),
    Trade.OFFICE: ("商务服务有限公司", "种业有限公司"),
    Trade.SECURITY: ("物业服务有限公司", "保洁服务部"),
    Trade.FARMING: ("家庭农场", "水产养殖专业合作社", "果蔬种植专业合作社"),
}


@dataclass(frozen=True, slots=True)
class DemoEmployer:
    """An employer: its trade, town and the one phone of its office."""

    name: str
    credit_code: str
    trade: Trade
    region: str
    town: str
    phone: str


def credit_code_check(first17: str) -> str:
    """The last character of a unified social credit code (reference/domain.md §1.2)."""
    total = sum(_ALPHABET.index(character) * weight for character, weight in zip(first17, _WEIGHTS, strict=True))
    return _ALPHABET[-total % len(_ALPHABET)]


def _organisation_check(first8: str) -> str:
    total = sum(int(character, 36) * weight for character, weight in zip(first8, _ORGANISATION_WEIGHTS, strict=True))
    check = -total % (_TEN + 1)
    return "X" if check == _TEN else str(check)


def _credit_code(serial: int) -> str:
    first8 = f"MA6D{serial:04d}"
    first17 = f"91{UNASSIGNED_COUNTY}{first8}{_organisation_check(first8)}"
    return first17 + credit_code_check(first17)


def invented_phone(serial: int) -> str:
    """A number of the area whose exchange starts with 000: nobody can be called by it."""
    return f"0830-000{serial:04d}"


def invented_employers(rng: Random) -> tuple[DemoEmployer, ...]:
    """Three employers of every kind, no name twice, spread over all towns."""
    kinds = [(trade, kind) for trade, suffixes in _KINDS.items() for kind in suffixes for _ in range(3)]
    words = [rng.sample(_WORDS, 3) for _ in range(len(kinds) // 3)]
    employers: list[DemoEmployer] = []
    for serial, (trade, kind) in enumerate(kinds):
        region, town = TOWNS[(serial * 7) % len(TOWNS)]
        name = f"{town[:2]}{words[serial // 3][serial % 3]}{kind}"
        employers.append(DemoEmployer(name, _credit_code(serial), trade, region, town, invented_phone(serial + 1)))
    return tuple(employers)
