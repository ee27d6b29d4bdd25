"""Schools and clusters: the names of three schemes; what those leave unnamed is invented."""

from datetime import date

from portal.demo.scene import DemoCluster, Scene
from portal.domain import schemes
from portal.domain.ids import uuid7
from portal.extensions import db
from portal.models import BellPeriod, Cluster, Membership, School, TravelTime

# (cluster, kind, scheme, school kind, lead, members); a member "A>B,C" is a centre school with its sub-schools.
CLUSTERS = (
    ("中山中学片区", "zone", "D0", "junior", "中山中学", ("九中",)),
    ("砺青中学片区", "zone", "D0", "junior", "砺青中学", ("十五中",)),
    (
        "麟峰小学片区",
        "zone",
        "D0",
        "primary",
        "麟峰小学",
        (
            "私立实小",
            "拱辰中心小学>南郊小学,东埔小学,西庄小学,拱辰第一小学,长岭小学,新塘小学,拱辰第二小学,石亭小学",
        ),
    ),
    (
        "梅峰小学片区",
        "zone",
        "D0",
        "primary",
        "梅峰小学",
        ("拱辰西洙中心小学>云溪小学,柳塘小学,荷浦小学,梨园小学,竹坑小学,松岭小学,桥头小学",),
    ),
    ("第三实小片区", "zone", "D0", "primary", "第三实小", ("新溪小学",)),
    ("初级中学联盟三中责任区", "alliance_zone", "E5", "junior", "县三中", ("县二中", "县四中")),
    (
        "城乡小学联盟南关责任区",
        "alliance_zone",
        "E5",
        "primary",
        "南关小学",
        ("三合小学", "古城小学", "鼎新小学"),
    ),
    (
        "城乡小学联盟解放路责任区",
        "alliance_zone",
        "E5",
        "primary",
        "解放路小学",
        ("北苑小学", "中东小学", "航天小学"),
    ),
    (
        "城乡小学联盟建新路责任区",
        "alliance_zone",
        "E5",
        "primary",
        "建新路小学",
        ("东坝小学", "西坝小学", "天仓小学"),
    ),
    (
        "城乡小学联盟东大街责任区",
        "alliance_zone",
        "E5",
        "primary",
        "东大街小学",
        ("大庄子小学", "芨芨小学", "羊井子湾小学"),
    ),
    (
        "城乡幼儿园联盟县幼责任区",
        "alliance_zone",
        "E5",
        "kindergarten",
        "县幼儿园",
        ("春芽幼儿园", "向阳花幼儿园"),
    ),
    ("知行组团", "team_cluster", "E7", "primary", "知行学校", ("启文小学", "求是小学", "树人小学")),
)
PRIVATE = {"私立实小", "向阳花幼儿园"}
RURAL = set(
    "拱辰中心小学 南郊小学 东埔小学 西庄小学 拱辰第一小学 长岭小学 新塘小学 拱辰第二小学 石亭小学 拱辰西洙中心小学 云溪小学"
    " 柳塘小学 荷浦小学 梨园小学 竹坑小学 松岭小学 桥头小学 新溪小学 十五中 古城小学 鼎新小学 三合小学 中东小学 航天小学"
    " 东坝小学 西坝小学 天仓小学 大庄子小学 芨芨小学 羊井子湾小学 县四中 春芽幼儿园".split()
)
WEAK = {"石亭小学", "长岭小学", "竹坑小学", "羊井子湾小学", "芨芨小学"}
FOUNDED = date(2021, 9, 1)
# Minutes after midnight; the rural schools begin later and have shorter breaks.
TOWN_BELLS = ((510, 550), (560, 600), (620, 660), (670, 710), (850, 890), (900, 940), (950, 990))
RURAL_BELLS = ((540, 580), (590, 630), (640, 680), (690, 730), (850, 890), (900, 940))


def load(scene: Scene, scale: int) -> None:
    """All schools and clusters, ``scale`` times; copies bear a number."""
    for copy in range(scale):
        tail = f"（{copy + 1}）" if copy else ""
        for name, kind, code, school_kind, lead, members in CLUSTERS:
            _cluster(scene, name + tail, kind, code, school_kind, lead, members, tail)


def _cluster(scene, name, kind, code, school_kind, lead, members, tail) -> None:
    scheme = schemes.load_scheme(code)
    row = scene.add(
        Cluster(
            name=name,
            kind=kind,
            scheme_code=code,
            profile=scheme.profile.key,
            is_supervision_zone=code == "E5",
            aims="以强带弱、资源共享，让每所学校都开齐开好课程。",
        )
    )
    schools = [_school(scene, lead, school_kind, tail)]
    for member in members:
        centre, _, below = member.partition(">")
        schools.append(_school(scene, centre, school_kind, tail))
        parent = schools[-1]
        schools += [_school(scene, sub, school_kind, tail, parent) for sub in below.split(",") if sub]
    db.session.flush()  # memberships point at the schools
    scene.add_many(
        Membership,
        [
            {
                "cluster_id": row.id,
                "school_id": s.id,
                "role": "member" if s is not schools[0] else "lead",
                "starts_on": FOUNDED,
                "is_main": True,
                "ends_on": None,
            }
            for s in schools
        ],
    )
    scene.add_many(
        TravelTime,
        [
            {"from_school_id": a.id, "to_school_id": b.id, "minutes": scene.rng.choice((10, 15, 20, 25, 30))}
            for a in schools
            for b in schools
            if a is not b
        ],
    )
    scene.clusters.append(DemoCluster(row, schools, scheme))


def _school(scene, name, kind, tail, parent=None) -> School:
    rural = name in RURAL
    school = scene.add(
        School(
            id=uuid7(),
            name=name + tail,
            kind=kind,
            is_public=name not in PRIVATE,
            location="rural" if rural else "urban",
            is_weak=name in WEAK,
            is_standard=parent is None and not rural,
            parent_id=parent.id if parent else None,
            average_periods=14 if rural else 13,
            remoteness=scene.rng.randint(1, 3) if rural else None,
        )
    )
    bells = RURAL_BELLS if rural else TOWN_BELLS
    scene.add_many(
        BellPeriod,
        [{"school_id": school.id, "number": n, "starts": a, "ends": b} for n, (a, b) in enumerate(bells, 1)],
    )
    scene.schools.append(school)
    return school
