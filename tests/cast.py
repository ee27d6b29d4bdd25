"""The named cast: two districts, three clusters, and the people that every test knows.

东城区 has 麟峰小学片区 (directing; lead 麟峰小学, members 拱辰中心小学 and 南郊小学) and 城南组团 (equal; lead
资源小学, member 伙伴小学). 西城区 has 南关责任区 (convenor; lead 南关小学, member 古城小学).
"""

from datetime import date
from types import SimpleNamespace

from tests import factories as make

TODAY = date(2025, 11, 19)


def people_the_world() -> SimpleNamespace:
    """Make the world of the tests; every row is reachable by the name of its role in the story."""
    w = SimpleNamespace(today=TODAY)
    w.east, w.west = make.district("east", "东城区"), make.district("west", "西城区")
    w.last_term = make.term(w.east, "2024-2025-2", date(2025, 2, 17), date(2025, 7, 4), date(2025, 2, 17))
    w.term = make.term(w.east, "2025-2026-1", date(2025, 9, 1), date(2026, 1, 30), date(2025, 9, 1))
    w.west_term = make.term(w.west, "2025-2026-1", date(2025, 9, 1), date(2026, 1, 30), date(2025, 9, 1))

    w.linfeng = make.school(w.east, "麟峰小学")
    w.gongchen = make.school(w.east, "拱辰中心小学", location="rural")
    w.nanjiao = make.school(w.east, "南郊小学", location="rural", is_weak=True, parent_id=w.gongchen.id)
    w.ziyuan, w.huoban = make.school(w.east, "资源小学"), make.school(w.east, "伙伴小学")
    w.nanguan, w.gucheng = make.school(w.west, "南关小学"), make.school(w.west, "古城小学", location="rural")
    w.cluster = make.cluster(w.east, "麟峰小学片区", w.linfeng, [w.gongchen, w.nanjiao])
    w.team = make.cluster(
        w.east, "城南组团", w.ziyuan, [w.huoban], kind="team_cluster", profile="equal", scheme_code="E7"
    )
    w.zone = make.cluster(
        w.west,
        "南关责任区",
        w.nanguan,
        [w.gucheng],
        kind="alliance_zone",
        profile="convenor",
        scheme_code="E5",
    )

    def actor(key, name, district, school=None, role=None, pinyin="", **scope):
        person = make.person(district, name, school, pinyin=pinyin)
        if role:
            make.role(person, role, **scope)
        make.account(person, key)
        setattr(w, key, person)

    actor("bureau", "郑书恒", w.east, None, "bureau", office="basic_education")
    actor("personnel", "黄景行", w.east, None, "bureau", office="personnel")
    actor("lead", "陈怀瑾", w.east, w.linfeng, "principal", school_id=w.linfeng.id)
    actor("principal", "吴静姝", w.east, w.gongchen, "principal", school_id=w.gongchen.id)
    actor("office", "许清和", w.east, w.gongchen, "office", school_id=w.gongchen.id)
    actor("teacher", "林晓岚", w.east, w.linfeng, pinyin="linxiaolan")
    actor("mentee", "江念一", w.east, w.gongchen, pinyin="jiangnianyi")
    actor("mentor", "周以宁", w.east, w.linfeng, pinyin="zhouyining")
    actor("colleague", "何思源", w.east, w.nanjiao, pinyin="hesiyuan")
    actor("nanjiao_principal", "江若谷", w.east, w.nanjiao, "principal", school_id=w.nanjiao.id)
    actor("liaison", "卓怀远", w.east, None, "liaison", cluster_id=w.cluster.id)
    actor("equal_lead", "庄亦舒", w.east, w.ziyuan, "principal", school_id=w.ziyuan.id)
    actor("equal_member", "谢砚秋", w.east, w.huoban, "principal", school_id=w.huoban.id)
    actor("equal_teacher", "戴知行", w.east, w.huoban)
    actor("west_bureau", "康云舟", w.west, None, "bureau", office="basic_education")
    actor("west_lead", "罗景和", w.west, w.nanguan, "principal", school_id=w.nanguan.id)
    actor("west_principal", "傅思齐", w.west, w.gucheng, "principal", school_id=w.gucheng.id)
    actor("west_teacher", "柯启明", w.west, w.gucheng)
    return w
