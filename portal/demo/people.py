"""About forty invented people a school, the principals, the bureau, and the seven demonstration accounts."""

from datetime import date, timedelta

from portal.actions import accounts
from portal.demo.scene import Scene
from portal.domain.ids import uuid7
from portal.extensions import db
from portal.models import Employment, Person, PersonTitle, RoleAssignment

SURNAMES = (
    "陈林黄张李王吴刘蔡杨许郑谢郭洪邱曾廖赖徐周叶苏庄江吕何罗高肖潘朱简钟彭游詹胡施沈余赵卢梁颜柯孙魏翁戴范方宋邓"
    "杜傅侯曹薛丁卓马阮董唐温蓝石蒋康邹尤程姚单"
)
GIVEN = (
    "怀瑾 静姝 晓岚 念一 以宁 思源 若谷 清和 亦舒 砚秋 知行 云舟 景和 思齐 启明 文珺 远航 若溪 书恒 景行 明远 雨桐 子衿 嘉树"
    " 安然 望舒 乐之 初晴 维桢 慕白 修竹 南乔 攸宁 庭轩 月朗 星野 如初 一诺 可欣 佳宁 雅文 淑芬 建国 志强 丽娟 秀英 国栋 海燕"
    " 春梅 晓东 丽华 文斌 婷婷 志远 晓燕 美玲 俊杰 建华 玉兰 小红 伟民 雪梅 永康 瑞雪 天佑 凌云 振华 素琴 锦程 碧莲 喆 堃 昇"
    " 犇 彧 婳 䶮 𬭎 鸿飞 立群 敏之 致远 怡然 亚楠 宏博 曼青 书瑶"
).split()
SUBJECTS = {
    "primary": ("语文", "数学", "英语", "音乐", "美术", "体育", "科学", "信息科技", "道德与法治"),
    "junior": ("语文", "数学", "英语", "物理", "化学", "历史", "地理", "生物", "音乐", "体育", "美术"),
    "kindergarten": ("保教",),
}
WEIGHTS = {
    "primary": (9, 8, 4, 2, 2, 3, 2, 1, 2),
    "junior": (6, 6, 6, 3, 2, 2, 2, 2, 1, 2, 1),
    "kindergarten": (1,),
}
TITLES = ("backbone_teacher", "subject_leader", "teaching_expert", "rising_star", "master_teacher")
# The people of the page designs keep their names: (account, name, school, subject, role).
CAST = (
    ("lead", "陈怀瑾", "麟峰小学", "语文", "principal"),
    ("principal", "吴静姝", "拱辰中心小学", "数学", "principal"),
    ("office", "许清和", "拱辰中心小学", "英语", "office"),
    ("teacher", "林晓岚", "麟峰小学", "音乐", None),
    ("mentor", "周以宁", "麟峰小学", "音乐", None),
    ("mentee", "江念一", "拱辰中心小学", "音乐", None),
)


def load(scene: Scene) -> None:
    """People school by school, then roles and accounts."""
    for cluster in scene.clusters:
        for school in cluster.schools:
            size = _size(scene, school, cluster)
            _staff(scene, cluster, school, size)
    _bureau(scene)
    _cluster_roles(scene)
    db.session.flush()  # accounts point at people
    for username, key in (
        ("bureau", "bureau"),
        ("lead", "lead"),
        ("principal", "principal"),
        ("office", "office"),
        ("teacher", "teacher"),
        ("mentor", "mentor"),
        ("liaison", "liaison"),
    ):
        accounts.create_account(
            None, scene.named[key], username, scene.password, must_change=False, is_demo=True
        )


def _size(scene, school, cluster) -> int:
    if school.parent_id:
        return scene.rng.randint(14, 22)
    if school.kind == "kindergarten":
        return scene.rng.randint(20, 34)
    return scene.rng.randint(48, 74) if school.location == "urban" else scene.rng.randint(40, 52)


def _staff(scene: Scene, cluster, school, size: int) -> None:
    rng, people, jobs, titles = scene.rng, [], [], []
    subjects, weights = SUBJECTS[school.kind], WEIGHTS[school.kind]
    cast = [c for c in CAST if c[2] == school.name]
    staff = cluster.staff.setdefault(school.id, [])
    for number in range(size):
        fixed = cast[number] if number < len(cast) else None
        name = fixed[1] if fixed else rng.choice(SURNAMES) + rng.choice(GIVEN)
        subject = fixed[3] if fixed else rng.choices(subjects, weights)[0]
        born = date(rng.randint(1968, 2001), rng.randint(1, 12), rng.randint(1, 28))
        joined = date(
            min(max(born.year + 22 + rng.randint(0, 12), 2000), scene.terms[0].first_day.year), 9, 1
        )
        row = _person(scene, name, born, subject, school, rng)
        people.append(row)
        staff.append((row["id"], row["name"], subject))
        is_head = (
            fixed[4] == "principal" if fixed else number == 0 and not any(c[4] == "principal" for c in cast)
        )
        jobs.append(
            {
                "id": uuid7(),
                "person_id": row["id"],
                "school_id": school.id,
                "post_kind": "teaching",
                "cadre_level": "principal" if is_head else "middle" if number in (5, 6) else "none",
                "on_establishment": school.is_public,
                "starts_on": joined,
                "ends_on": None,
            }
        )
        if rng.random() < 0.12 or (fixed and fixed[0] == "mentor"):
            titles.append(
                {
                    "id": uuid7(),
                    "person_id": row["id"],
                    "kind": rng.choice(TITLES[:4]),
                    "ends_on": None,
                    "level": rng.choice(("county", "county", "city")),
                    "starts_on": date(2022, 9, 1),
                }
            )
        if is_head:
            cluster.principals[school.id] = row["id"]
        if fixed:
            scene.named[fixed[0]] = row["id"]
    scene.add_many(Person, people)
    scene.add_many(Employment, jobs)
    scene.add_many(PersonTitle, titles)
    scene.people_count += len(people)
    _school_roles(scene, cluster, school, cast)


def _person(scene, name, born, subject, school, rng) -> dict:
    from portal.actions.names import pinyin_of

    pinyin, initials = pinyin_of(name)
    return {
        "id": uuid7(),
        "name": name,
        "pinyin": pinyin,
        "initials": initials,
        "staff_no": None,
        "sex": rng.choice(("female", "female", "male")),
        "born_on": born,
        "stage": school.kind,
        "subjects": [subject],
        "professional_title": rng.choice(("junior", "middle", "middle", "senior")),
        "facts": {},
        "retires_on": date(born.year + 60, born.month, born.day),
    }


def _school_roles(scene, cluster, school, cast) -> None:
    since = date(2021, 9, 1)
    scene.add_many(
        RoleAssignment,
        [
            {
                "id": uuid7(),
                "person_id": cluster.principals[school.id],
                "role": "principal",
                "school_id": school.id,
                "starts_on": since,
                "office": None,
                "cluster_id": None,
                "ends_on": None,
            }
        ],
    )
    office = next((scene.named[c[0]] for c in cast if c[4] == "office"), None)
    if office or not school.parent_id:
        person_id = office or cluster.staff[school.id][7][0]
        scene.add(RoleAssignment(person_id=person_id, role="office", school_id=school.id, starts_on=since))


def _bureau(scene: Scene) -> None:
    for key, name, office in (
        ("bureau", "沈明远", "basic_education"),
        ("personnel", "程立群", "personnel"),
        ("supervision", "余致远", "supervision"),
        ("liaison", "郑书恒", None),
        ("assigned", "黄景行", None),
    ):
        row = _person(scene, name, date(1980, 5, 1), "", scene.schools[0], scene.rng)
        row.update(stage=None, subjects=[])
        scene.add_many(Person, [row])
        scene.named[key] = row["id"]
        if office:
            scene.add(
                RoleAssignment(person_id=row["id"], role="bureau", office=office, starts_on=date(2021, 9, 1))
            )


def _cluster_roles(scene: Scene) -> None:
    """Liaison and assigned leader, where the scheme has them."""
    since = scene.terms[0].first_day - timedelta(days=30)
    for cluster in scene.clusters:
        for role, key, wanted in (
            ("liaison", "liaison", cluster.scheme.has_liaison),
            ("assigned_leader", "assigned", cluster.scheme.has_assigned_leader),
        ):
            if wanted:
                scene.add(
                    RoleAssignment(
                        person_id=scene.named[key], role=role, cluster_id=cluster.row.id, starts_on=since
                    )
                )
    db.session.flush()  # named people are rows from now on
    scene.named = {key: db.session.get(Person, (scene.district.id, pid)) for key, pid in scene.named.items()}
