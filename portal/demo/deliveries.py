"""Volunteers, calls for help, 送教 and a programme in the cluster of the demonstration accounts."""

from datetime import timedelta

from portal.actions.names import pinyin_of
from portal.domain import deliveries as rules
from portal.extensions import db
from portal.models import (
    Delivery,
    DeliverySignup,
    OfferSchool,
    Person,
    Programme,
    ProgrammeTarget,
    TeachingOffer,
    Volunteer,
)

CLUSTER = "麟峰小学片区"
VOLUNTEERS = (
    ("钟雅宁", "退休教师", ("音乐", "合唱"), "13800006101", "周二、周四下午", ("东埔小学", "南郊小学")),
    ("顾思远", "师范在读", ("英语",), "13800006102", "周六全天", ()),
    ("白若兰", "区文化馆", ("书法", "美术"), "13800006103", "周六上午", ("西庄小学",)),
)
# title, kind, subject, school, days from today, begin, minutes, wanted, direct, rhythm, days that it lasts
NEEDS = (
    (
        "三年级英语",
        "volunteer_teaching",
        "英语",
        "石亭小学",
        6,
        None,
        None,
        1,
        False,
        "每周 2 节，到学期末",
        50,
    ),
    ("合唱指导", "volunteer_service", "音乐", "拱辰中心小学", 8, 960, 90, 2, False, "", 0),
    ("书法社团", "volunteer_service", "书法", "西庄小学", 10, 540, 180, 3, True, "", 0),
    ("田径训练", "volunteer_service", "体育", "长岭小学", 14, 960, 90, 1, False, "", 0),
)
# title, subject, school, days from today, minutes, periods, audience, state
VISITS = (
    ("语文、数学各 1 节", "语文", "石亭小学", 13, 80, 2, None, "open"),
    ("科学 2 节", "科学", "拱辰中心小学", -5, 80, 2, None, "held"),
    ("音乐 2 节，讲座 1 场", "音乐", "新塘小学", -19, 120, 2, 18, "confirmed"),
    ("英语 2 节", "英语", "长岭小学", -40, 80, 2, 15, "confirmed"),
)


def load(scene) -> None:
    """Fill the board of one cluster; the others start with an empty one."""
    cluster = next((each for each in scene.clusters if each.row.name == CLUSTER), None)
    if cluster is None:
        return
    schools = {school.name: school for school in cluster.schools}
    volunteers = _volunteers(scene, cluster, schools)
    _needs(scene, cluster, schools, volunteers)
    _visits(scene, cluster, schools)
    _served(scene, cluster, schools, volunteers)
    programme = _kept(
        scene,
        Programme(
            name="百名志愿者支教",
            starts_on=scene.terms[0].first_day,
            ends_on=scene.today + timedelta(days=600),
            note="演示用的目标数字。",
        ),
    )
    for kind, target in (("volunteers", 100), ("deliveries", 20)):
        scene.add(ProgrammeTarget(programme_id=programme.id, kind=kind, target=target))


def _volunteers(scene, cluster, schools) -> list:
    keeper = schools["拱辰中心小学"]
    author = cluster.principals[keeper.id]
    found = []
    for name, background, subjects, phone, times, places in VOLUNTEERS:
        pinyin, initials = pinyin_of(name)
        person = _kept(
            scene, Person(name=name, pinyin=pinyin, initials=initials, subjects=list(subjects), phone=phone)
        )
        found.append(person)
        base = {"person_id": person.id, "school_id": keeper.id, "cluster_id": cluster.row.id}
        scene.add(Volunteer(**base, background=background, created_by_id=author))
        offer = _kept(
            scene,
            TeachingOffer(
                **base,
                is_guest=True,
                kind="volunteer_service",
                subject="、".join(subjects),
                starts_on=scene.today - timedelta(days=10),
                times=times,
                created_by_id=author,
            ),
        )
        for place in places:
            scene.add(OfferSchool(offer_id=offer.id, school_id=schools[place].id))
    return found


def _needs(scene, cluster, schools, volunteers) -> None:
    teacher = scene.named["teacher"]
    for title, kind, subject, place, days, starts, minutes, wanted, direct, rhythm, lasts in NEEDS:
        day = scene.school_day(scene.today + timedelta(days=days))
        row = _delivery(
            scene,
            cluster,
            schools[place],
            title=title,
            kind=kind,
            subject=subject,
            starts_on=day,
            ends_on=day + timedelta(days=lasts) if lasts else None,
            starts=starts,
            minutes=minutes,
            wanted=wanted,
            direct=direct,
            rhythm=rhythm,
        )
        if title == "合唱指导":
            _signup(scene, row, volunteers[0].id, cluster, guest=True, place=1)
            _signup(scene, row, teacher.id, cluster, state="waiting")
        if title == "书法社团":
            _signup(scene, row, volunteers[2].id, cluster, guest=True, place=1)


def _visits(scene, cluster, schools) -> None:
    staff = [person_id for person_id, *_ in cluster.staff[cluster.lead.id][20:28]]
    for number, (title, subject, place, days, minutes, periods, audience, state) in enumerate(VISITS):
        day = scene.school_day(scene.today + timedelta(days=days))
        row = _delivery(
            scene,
            cluster,
            schools[place],
            title=title,
            kind="rural_delivery",
            subject=subject,
            starts_on=day,
            starts=540,
            minutes=minutes,
            wanted=4 if state == "open" else 2,
            direct=True,
            from_school_id=cluster.lead.id,
            state=state,
            held_on=day if state != "open" else None,
            audience_count=audience,
            thanks="谢谢老师们把课送到家门口，孩子们盼着你们再来。" if state == "confirmed" else "",
            confirmed_by_id=cluster.principals[schools[place].id] if state == "confirmed" else None,
        )
        for seat, person_id in enumerate(staff[number * 2 : number * 2 + 2], 1):
            done = {"came": True, "minutes": minutes // 2, "periods": periods // 2}
            _signup(scene, row, person_id, cluster, place=seat, **(done if state == "confirmed" else {}))


def _served(scene, cluster, schools, volunteers) -> None:
    """Choir on Saturdays: twice confirmed, once still waiting for the school."""
    place, teacher = schools["南郊小学"], scene.named["teacher"]
    for days, minutes, state in ((-32, 240, "confirmed"), (-11, 180, "confirmed"), (-4, 120, "held")):
        day = scene.today + timedelta(days=days)
        row = _delivery(
            scene,
            cluster,
            place,
            title="合唱",
            kind="volunteer_service",
            subject="音乐",
            starts_on=day,
            starts=540,
            minutes=minutes,
            wanted=2,
            state=state,
            held_on=day,
            confirmed_by_id=cluster.principals[place.id] if state == "confirmed" else None,
        )
        done = {"came": True, "minutes": minutes, "periods": 0} if state == "confirmed" else {}
        _signup(scene, row, volunteers[0].id, cluster, guest=True, place=1, **done)
        _signup(scene, row, teacher.id, cluster, place=2, **done)


def _delivery(scene, cluster, school, **facts) -> Delivery:
    author = cluster.principals[facts.get("from_school_id") or school.id]
    return _kept(
        scene, Delivery(cluster_id=cluster.row.id, school_id=school.id, created_by_id=author, **facts)
    )


def _signup(scene, row, person_id, cluster, *, guest=False, state="taken", place=None, **facts) -> None:
    keeper = next(school.id for school in cluster.schools if school.name == "拱辰中心小学")
    scene.add(
        DeliverySignup(
            delivery_id=row.id,
            person_id=person_id,
            home_school_id=keeper if guest else cluster.lead.id,
            is_guest=guest,
            is_volunteer=rules.is_volunteer(row.kind, guest),
            state=state,
            place=place,
            signed_at=scene.moment(min(row.starts_on, scene.today) - timedelta(days=7), 10, (place or 0) + 5),
            created_by_id=person_id if not guest else cluster.principals[keeper],
            **facts,
        )
    )


def _kept(scene, row):
    """Add a row that others point at."""
    scene.add(row)
    db.session.flush()
    return row
