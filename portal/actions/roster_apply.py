"""Writing what the plan of a roster says: schools first, then people, their posts, honours and lines."""

import json
from datetime import date, timedelta

from sqlalchemy.orm.attributes import flag_modified

from portal import roster_words
from portal.actions.names import pinyin_of
from portal.actions.roles import end_at_school
from portal.domain.ids import uuid7
from portal.domain.roster_plan import (
    OTHER_FACTS,
    PERSON_FACTS,
    POST_FACTS,
    SEALED_FACTS,
    LinePlan,
    PersonPlan,
    RosterPlan,
    SchoolPlan,
)
from portal.extensions import db
from portal.models import (
    AppointmentPeriod,
    Employment,
    Person,
    PersonCondition,
    PersonTitle,
    School,
    ServiceRecord,
    SubjectStaffing,
)
from portal.queries.roster_known import all_schools, lines_of, open_titles, staffing_of
from portal.queries.staff import present_post

DAY = timedelta(days=1)
_YES_NO = {True: "yes", False: "no"}
_MODELS = {"services": ServiceRecord, "appointments": AppointmentPeriod, "conditions": PersonCondition}


def apply(plan: RosterPlan, district_id, today: date) -> list[tuple]:
    """Write the plan into the running transaction; answers (action, object, changes) for the audit trail.

    The caller holds the district's structure and has made the plan in this transaction.
    """
    done = _schools(plan.schools, district_id)
    schools = {school.name: school for school in all_schools(district_id)}
    done += _staffing(plan, schools, district_id)
    people = _people(plan.people, district_id)
    lines = lines_of(district_id, {each.key for each in plan.people if each.key and each.lines})
    known_lines = {row.id: row for rows in lines.everything() for row in rows}
    changes: dict = {}
    for each in plan.people:
        changes[id(each)] = _post(each, people[id(each)], schools, today)
    db.session.flush()  # a post has ended before the next one begins: one open home school, says the index
    db.session.add_all(_new_posts(plan.people, people, schools))
    for each in plan.people:
        person = people[id(each)]
        _honours(each, person, today)
        changes[id(each)] |= _lines(each.lines, person, known_lines)
        done.append((f"person.{_ACTION[each.kind]}", person, changes[id(each)]))
    db.session.flush()
    return done


_ACTION = {"new": "create", "moved": "move", "changed": "edit"}


def _schools(plans: tuple[SchoolPlan, ...], district_id) -> list[tuple]:
    made: list[tuple[SchoolPlan, School]] = []
    for plan in plans:
        if plan.key is None:
            school = School(id=uuid7(), district_id=district_id, name=plan.name)
            db.session.add(school)
        else:
            school = db.session.get(School, (district_id, plan.key))
        for name, (_, value) in plan.facts.items():
            if name != "parent":
                setattr(school, name, value)
        made.append((plan, school))
    db.session.flush()  # a centre school may be new itself
    by_name = {school.name: school for school in all_schools(district_id)}
    done = []
    for plan, school in made:
        changes = {"school_kind" if name == "kind" else name: pair for name, pair in plan.facts.items()}
        if "parent" in plan.facts:
            school.parent_id = by_name[plan.facts["parent"][1]].id
        if plan.key is None:
            changes = {"school_name": (None, plan.name)}
        done.append(("school.create" if plan.key is None else "school.edit", school, changes))
    db.session.flush()
    return done


def _staffing(plan: RosterPlan, schools: dict, district_id) -> list[tuple]:
    known = staffing_of(district_id, [schools[each.school_name].id for each in plan.staffing])
    by_school: dict[str, dict] = {}
    for each in plan.staffing:
        school = schools[each.school_name]
        row = known.get((school.id, each.subject))
        if row is None:
            row = SubjectStaffing(district_id=district_id, school_id=school.id, subject=each.subject)
            db.session.add(row)
        before = f"{row.need}/{row.actual}" if each.key else None
        for name, (_, value) in each.facts.items():
            setattr(row, name, value)
        by_school.setdefault(each.school_name, {})[each.subject] = (before, f"{row.need}/{row.actual}")
    done = []
    for name, subjects in by_school.items():
        old = {subject: pair[0] for subject, pair in subjects.items() if pair[0]}
        new = {subject: pair[1] for subject, pair in subjects.items()}
        done.append(("school.edit", schools[name], {"subject_staffing": (old or None, new)}))
    return done


def _people(plans: tuple[PersonPlan, ...], district_id) -> dict:
    """id(plan) -> the person, new ones written, with the person's own facts."""
    people = {}
    for plan in plans:
        if plan.key is None:
            person = Person(id=uuid7(), district_id=district_id, facts={}, subjects=[])
            db.session.add(person)
        else:
            person = plan.person
            flag_modified(person, "name")  # whatever changes belongs to the person: the version moves with it
        stated = {name: value for name, (_, value) in plan.facts.items()}
        for name in PERSON_FACTS:
            if name in stated:
                setattr(person, name, _stored(name, stated[name]))
        if "name" in stated:
            person.pinyin, person.initials = pinyin_of(person.name)
        other = {name: _plain(stated[name]) for name in OTHER_FACTS if name in stated}
        if other:
            person.facts = {**person.facts, **other}
        if "extras" in stated:
            person.extras = json.dumps(stated["extras"], ensure_ascii=False)
        people[id(plan)] = person
    db.session.flush()  # posts and lines point at their person
    return people


def _stored(name: str, value):
    if name == "competent":
        return _YES_NO[value]
    return list(value) if isinstance(value, tuple) else value


def _plain(value):
    """A value as JSON keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _post(plan: PersonPlan, person: Person, schools: dict, today: date) -> dict:
    """Change or end the present post; answers the person's changes for the audit trail."""
    changes = _audited(plan)
    post = present_post(person) if plan.key is not None else None
    if plan.kind != "changed":
        changes["school"] = (plan.moves_from or None, plan.school_name)
        if plan.row.joined_on:
            changes["starts_on"] = (None, plan.row.joined_on)
    if plan.kind == "moved" and post is not None:
        last = (plan.row.joined_on or today) - DAY
        post.ends_on = last
        end_at_school(person, post.school_id, last)
    elif post is not None:
        for name, column in POST_FACTS.items():
            if name in plan.facts:
                setattr(post, column, plan.facts[name][1])
    return changes


def _audited(plan: PersonPlan) -> dict:
    """The changed facts under the names of the columns; sealed ones are named without their values."""
    if plan.key is None:
        return {"name": (None, plan.name)}
    changes = {}
    for name, (old, new) in plan.facts.items():
        if name in SEALED_FACTS:
            changes[name] = (None, None)
        elif name == "honours":
            changes[name] = tuple(roster_words.said("honours", value, str) or None for value in (old, new))
        elif plan.kind == "changed" or name not in POST_FACTS:
            changes[POST_FACTS.get(name, name)] = (_plain(old), _plain(new))
    return changes


def _new_posts(plans: tuple[PersonPlan, ...], people: dict, schools: dict) -> list[Employment]:
    posts = []
    for plan in plans:
        if plan.kind == "changed":
            continue
        person = people[id(plan)]
        # Facts of the post that the roster does not state go along from the last one, as in a move by hand.
        ended = [e for e in person.employments if e.ends_on] if plan.key else []
        before = max(ended, key=lambda e: e.ends_on, default=None)
        posts.append(
            Employment(
                district_id=person.district_id,
                person_id=person.id,
                school_id=schools[plan.school_name].id,
                post_kind=plan.row.post_kind or (before.post_kind if before else None),
                cadre_level=plan.row.cadre_level or "none",
                on_establishment=_first(plan.row.established, before.on_establishment if before else None),
                starts_on=plan.row.joined_on,
            )
        )
    return posts


def _first(stated, known):
    return known if stated is None else stated


def _honours(plan: PersonPlan, person: Person, today: date) -> None:
    """End the honours that the roster no longer names and add the new ones."""
    if "honours" not in plan.facts:
        return
    wanted = {tuple(honour) for honour in plan.facts["honours"][1]}
    held = {(title.kind, title.level): title for title in open_titles(person)} if plan.key else {}
    for honour, title in held.items():
        if honour not in wanted:
            title.ends_on = today - DAY
    for kind, level in sorted(wanted - set(held), key=str):
        db.session.add(
            PersonTitle(district_id=person.district_id, person_id=person.id, kind=kind, level=level)
        )


def _lines(lines: tuple[LinePlan, ...], person: Person, known: dict) -> dict:
    """Add or change 经历, 聘期 and 情形; the audit trail names the sheet and how many, never a condition."""
    counts: dict[str, list[int]] = {}
    for line in lines:
        values = _columns(line)
        if line.key is None:
            db.session.add(_MODELS[line.kind](district_id=person.district_id, person_id=person.id, **values))
        else:
            for name, value in values.items():
                setattr(known[line.key], name, value)
        counts.setdefault(line.kind, [0, 0])[line.key is not None] += 1
    return {kind: (None, f"+{added} ~{changed}") for kind, (added, changed) in counts.items()}


def _columns(line: LinePlan) -> dict:
    """The columns that a row states."""
    row = line.row
    if line.kind == "services":
        stated = {
            "kind": row.kind,
            "organisation": row.organisation,
            "place": list(row.places) or None,
            "personnel_transfer": row.transfer,
            "approval_no": row.approval_no,
        }
    elif line.kind == "appointments":
        stated = {"school_name": row.school_name}
    else:
        stated = {"condition": row.condition, "relation": row.relation, "months": row.months}
    stated |= {"starts_on": row.starts_on, "ends_on": row.ends_on}
    return {name: value for name, value in stated.items() if value is not None}
