"""What invented employers look for: occupations with sample wages, and words about the work and its benefits."""

from __future__ import annotations

from dataclasses import dataclass

from contract.codes import Schooling, Trade, WagePeriod

_M, _D, _P, _N = WagePeriod.MONTH, WagePeriod.DAY, WagePeriod.PIECE, WagePeriod.NEGOTIABLE
_ANY, _JUNIOR, _SENIOR, _COLLEGE, _BACHELOR = (
    Schooling.ANY,
    Schooling.JUNIOR,
    Schooling.SENIOR,
    Schooling.COLLEGE,
    Schooling.BACHELOR,
)


@dataclass(frozen=True, slots=True)
class Occupation:
    """A kind of work; ``least`` and ``most`` bound the wage in hundredths of a yuan (piece) or yuan (else)."""

    title: str
    period: WagePeriod
    least: int
    most: int
    schooling: Schooling
    duties: str


OCCUPATIONS: dict[Trade, tuple[Occupation, ...]] = {
    Trade.FACTORY: (
        Occupation("缝纫工", _P, 60, 320, _ANY, "按订单车缝衣片，质检合格后计件。"),
        Occupation("包装工", _P, 20, 90, _ANY, "成品装箱、贴标、封口。"),
        Occupation("流水线操作工", _M, 3600, 5200, _JUNIOR, "按作业指导书装配零件，两班轮换。"),
        Occupation("质检员", _M, 3800, 5000, _SENIOR, "抽检成品，填写检验记录。"),
        Occupation("仓库搬运工", _D, 150, 220, _ANY, "卸货、码垛、配合叉车装车。"),
    ),
    Trade.CRAFT: (
        Occupation("电焊工", _M, 5500, 8500, _JUNIOR, "二保焊、氩弧焊，持证上岗。"),
        Occupation("数控车床操作工", _M, 5000, 7800, _SENIOR, "看图编程，保证加工精度。"),
        Occupation("设备维修电工", _M, 4800, 7000, _SENIOR, "维护生产线电气设备，持电工证。"),
        Occupation("木工", _D, 260, 380, _ANY, "家具开料、组装、打磨。"),
    ),
    Trade.BUILDING: (
        Occupation("钢筋工", _D, 260, 360, _ANY, "钢筋下料、绑扎，服从现场安全管理。"),
        Occupation("泥瓦工", _D, 240, 350, _ANY, "砌墙、抹灰、贴砖。"),
        Occupation("工地杂工", _D, 160, 220, _ANY, "清理场地、转运材料。"),
        Occupation("施工员", _M, 5500, 8000, _COLLEGE, "现场放线、进度和质量记录。"),
    ),
    Trade.DRIVING: (
        Occupation("货车司机", _M, 6000, 8800, _JUNIOR, "市内和周边配送，持相应驾驶证。"),
        Occupation("快递员", _P, 90, 150, _ANY, "片区派件、揽件，自备电动车更好。"),
        Occupation("叉车工", _M, 4500, 6000, _JUNIOR, "仓库装卸，持叉车证。"),
        Occupation("分拣员", _D, 140, 200, _ANY, "夜间分拣包裹，供夜宵。"),
    ),
    Trade.CARE: (
        Occupation("养老护理员", _M, 3500, 5500, _ANY, "照料老人起居，单位组织培训。"),
        Occupation("家政服务员", _D, 130, 200, _ANY, "上门保洁、做饭，就近派单。"),
        Occupation("育婴员", _M, 4500, 7000, _JUNIOR, "婴幼儿日常照护，持证优先。"),
        Occupation("护工", _D, 160, 240, _ANY, "陪护病人，协助翻身、用餐。"),
    ),
    Trade.CATERING: (
        Occupation("餐厅服务员", _M, 2800, 3800, _ANY, "点单、传菜、收台。"),
        Occupation("厨师", _M, 4500, 8000, _ANY, "川菜热菜，负责灶台卫生。"),
        Occupation("洗碗工", _M, 2600, 3200, _ANY, "餐具清洗消毒。"),
        Occupation("客房服务员", _M, 2800, 3600, _ANY, "客房清扫、布草更换。"),
        Occupation("墩子（切配）", _N, 0, 0, _ANY, "按菜单切配，手脚麻利。"),
    ),
    Trade.SALES: (
        Occupation("超市理货员", _M, 2800, 3600, _ANY, "补货、整理货架、查保质期。"),
        Occupation("收银员", _M, 2800, 3800, _JUNIOR, "收银、对账、解答顾客提问。"),
        Occupation("业务员", _N, 0, 0, _SENIOR, "走访客户，底薪加提成，面谈。"),
        Occupation("网店客服", _M, 3200, 4800, _SENIOR, "回复咨询，处理退换货。"),
    ),
    Trade.OFFICE: (
        Occupation("办公室文员", _M, 3000, 4200, _COLLEGE, "文件收发、会议记录、表格整理。"),
        Occupation("会计", _M, 4000, 6500, _COLLEGE, "记账、报税，持初级以上证书。"),
        Occupation("人事专员", _M, 3800, 5500, _BACHELOR, "招聘、考勤、社保增减员。"),
        Occupation("统计员", _N, 0, 0, _SENIOR, "汇总生产日报，工资面谈。"),
    ),
    Trade.SECURITY: (
        Occupation("保安", _M, 2800, 3800, _ANY, "门岗值守、夜间巡逻。"),
        Occupation("保洁员", _M, 2200, 2800, _ANY, "楼道和公共区域清扫。"),
        Occupation("绿化养护工", _D, 110, 160, _ANY, "修枝、浇水、除草。"),
        Occupation("监控值班员", _M, 2800, 3500, _JUNIOR, "消防监控室轮班，可参加取证培训。"),
    ),
    Trade.FARMING: (
        Occupation("果园管护工", _D, 100, 160, _ANY, "修剪、套袋、采摘。"),
        Occupation("蔬菜采收工", _P, 30, 80, _ANY, "按筐计件，早上六点出工。"),
        Occupation("养殖场饲养员", _M, 3500, 5000, _ANY, "喂料、清圈、记录。"),
        Occupation("农机手", _D, 220, 320, _ANY, "驾驶收割机、旋耕机，持证。"),
    ),
}
PUBLIC_POSTS: tuple[tuple[Trade, str, str], ...] = (
    (Trade.SECURITY, "村组保洁员（公益性岗位）", "负责村组道路和垃圾点清扫。"),
    (Trade.SECURITY, "治安巡逻员（公益性岗位）", "白天巡逻，劝导交通。"),
    (Trade.FARMING, "护林员（公益性岗位）", "巡山护林，防火宣传。"),
    (Trade.OFFICE, "便民服务协理员（公益性岗位）", "引导群众办事，整理资料。"),
    (Trade.CARE, "留守老人探访员（公益性岗位）", "定期探访老人，登记情况。"),
)
PUBLIC_WAGE = 2100
"""Monthly pay of a public-welfare post: a sample value."""
BENEFITS = (
    "包吃",
    "包住",
    "买社保",
    "有班车",
    "不上夜班",
    "方便顾家",
    "加班有补贴",
    "岗前培训",
    "月休四天",
    "当月发薪",
)
