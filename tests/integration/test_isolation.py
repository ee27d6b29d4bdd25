"""Districts, clusters and schools see nothing of each other: not in lists, search, counts, suggestions, exports,
drill-downs, fragments or histories (promise 3).

Every text of every record says whose it is (``tests/support/canaries.py``). Everybody walks every address of the
portal for every object; ``READERS``, written by hand from the permission table of the design, says whose words may
turn up. A new route, filter or column of text has to be named here or in the canaries before the tests pass.
"""

import re
from collections import defaultdict
from functools import lru_cache, partial
from importlib import import_module
from inspect import getsource
from urllib.parse import quote, quote_plus

import pytest
import sqlalchemy as sa

from portal.actions import summaries as summary_actions
from portal.actions import term_plans as plan_actions
from portal.auth import PUBLIC_ENDPOINTS
from portal.domain.document_templates import TEMPLATES
from portal.domain.figures import DEFINITIONS
from portal.domain.ledgers import KINDS
from portal.extensions import db
from portal.models import PlanConsent, StoredFile, SummaryConsent, SummarySection
from tests.conftest import NOW
from tests.populate import NOWHERE
from tests.support.canaries import AT, NO_TEXT, TEXTS, fill, text_of, word
from tests.support.cast_names import ACCOUNTS
from tests.support.sources import page_sources

EAST = (
    "bureau personnel lead principal office teacher mentee mentor colleague nanjiao_principal liaison"
    " equal_lead equal_member equal_teacher"
)
WEST = "west_bureau west_lead west_principal west_teacher"
OFFICES = "bureau personnel"
FOLLOWERS = f"{OFFICES} lead principal office nanjiao_principal liaison"
MEMBERS = f"{FOLLOWERS} teacher mentee mentor colleague"
TWO_SCHOOLS = f"{OFFICES} lead principal office teacher mentee mentor"
EQUAL_HEADS, WEST_HEADS = f"{OFFICES} equal_lead equal_member", "west_bureau west_lead west_principal"
EQUAL, WRITERS = f"{EQUAL_HEADS} equal_teacher", ("mentor", "equal_lead", "west_teacher")
IN_PAIR = ("mentor mentee", "equal_lead equal_teacher", "west_teacher west_principal")
TEACHERS, LEADS = ("teacher", "equal_teacher", "west_teacher"), ("lead", "equal_lead", "west_lead")
# The reason of an absence: its writer, and the principal of the own school.
TEACHERS_AND_LEADS = ("teacher lead", "equal_teacher equal_lead", "west_teacher west_lead")
WEST_MANAGERS = "west_lead west_principal west_teacher"
OF_CLUSTER = (MEMBERS, EQUAL, WEST)
OF_MANAGERS = (FOLLOWERS, EQUAL_HEADS, WEST_HEADS)
OF_SCHOOLS = (TWO_SCHOOLS, EQUAL, WEST)
OF_PERSON = (
    f"{OFFICES} lead teacher",
    f"{OFFICES} equal_member equal_teacher",
    "west_bureau west_principal west_teacher",
)
# Who keeps a school's volunteers, and who decides about those who sign up there.
OF_SCHOOL_HEADS = (f"{OFFICES} lead principal office nanjiao_principal", EQUAL_HEADS, WEST_HEADS)
OF_DECIDERS = (
    "bureau principal office teacher",
    "bureau equal_member equal_teacher",
    "west_bureau west_principal west_teacher",
)
NOBODY = ("", "", "")
# Who works at a school of the cluster.
OF_STAFF = (
    "lead principal office teacher mentee mentor colleague nanjiao_principal",
    "equal_lead equal_member equal_teacher",
    "west_lead west_principal west_teacher",
)
# Whose records -> who may read them: of 麟峰小学片区 (麟峰小学, 拱辰中心小学), of 城南组团, of 南关责任区 (西城区).
READERS = {
    "cluster": OF_CLUSTER,
    "activity": OF_CLUSTER,
    "meeting": OF_MANAGERS,
    "task": OF_MANAGERS,
    "group": OF_CLUSTER,
    "group_member": OF_CLUSTER,
    "group_summary": OF_CLUSTER,
    "duty": OF_CLUSTER,
    "letter": (f"{OFFICES} lead principal office", EQUAL_HEADS, WEST_HEADS),
    "term_plan": OF_CLUSTER,
    "plan_item": OF_CLUSTER,
    "plan_part": OF_CLUSTER,
    "attendance": OF_MANAGERS,
    "summary": OF_MANAGERS,
    "section": OF_MANAGERS,
    "pair": (f"{FOLLOWERS} mentor mentee", EQUAL, WEST),
    "pairing": (f"{TWO_SCHOOLS} nanjiao_principal liaison", EQUAL, WEST),
    "official": (f"{TWO_SCHOOLS} nanjiao_principal liaison", EQUAL, WEST),
    "pair_date": (f"{FOLLOWERS} mentor mentee", EQUAL, WEST),
    "renewal": (f"{FOLLOWERS} mentor mentee", EQUAL, WEST),
    "wish": (
        "bureau lead mentee",
        "bureau equal_lead equal_member equal_teacher",
        "west_bureau west_lead west_principal",
    ),
    "review": IN_PAIR,
    "observation_sheet": IN_PAIR,
    # Among equal partners the writer of the world has no school in it whose principal could read the word.
    "fit": ("lead mentee", "equal_teacher", "west_lead west_principal"),
    "template": OF_CLUSTER,
    "template_edition": OF_CLUSTER,
    "template_suggestion": (
        "bureau lead teacher",
        "bureau equal_lead equal_member equal_teacher",
        "west_bureau west_lead west_teacher",
    ),
    **dict.fromkeys(
        (
            "plan_line",
            "need",
            "support_record",
            "support_detail",
            "pairing_review",
            "pairing_renewal",
            "cycle_summary",
        ),
        (f"{TWO_SCHOOLS} nanjiao_principal liaison", EQUAL, WEST),
    ),
    "posting": (f"{OFFICES} lead principal office teacher", EQUAL, WEST),
    "posting_result": (f"{OFFICES} lead principal office teacher", EQUAL, WEST),
    # What is handed over concerns the two and both schools, neither the bureau nor the lead of a cluster.
    "handover": ("lead principal office teacher", "equal_lead equal_member equal_teacher", WEST_MANAGERS),
    # The office, both schools, the secondee. What the own school wrote has the same word: see test_secondments.py.
    "secondment": (f"{OFFICES} lead principal office teacher", EQUAL, WEST),
    "study_entry": (f"{OFFICES} lead principal office teacher", EQUAL, WEST),
    "study_plan": (f"{OFFICES} lead principal office teacher", EQUAL, WEST),
    "study_contact": (f"{OFFICES} lead principal office teacher", EQUAL, WEST),
    "appraisal": (f"{OFFICES} lead principal office teacher", EQUAL, WEST),
    "expert_score": NOBODY,  # the expert's own page has it while there is a candidate; this one is on the way
    "study_leave": ("teacher principal", "equal_teacher equal_member", "west_teacher west_principal"),
    "study_trip": (f"{OFFICES} lead principal office teacher mentor", EQUAL, WEST),
    "secondment_programme": (EAST, EAST, WEST),
    "batch": (EAST, EAST, WEST),
    "lesson": OF_SCHOOLS,
    "session": OF_SCHOOLS,
    "left": OF_SCHOOLS,
    "instead": OF_SCHOOLS,
    "off": OF_SCHOOLS,
    "absence": TEACHERS_AND_LEADS,
    "ask": ("lead principal office teacher", "equal_lead equal_member equal_teacher", WEST_MANAGERS),
    "month": OF_SCHOOLS,
    "closed_month": OF_SCHOOLS,
    "month_correction": OF_SCHOOLS,
    "dispute": (f"{OFFICES} lead principal office teacher", EQUAL, WEST),
    "subsidy": (f"{OFFICES} lead", f"{OFFICES} equal_lead", "west_bureau west_lead"),
    "subsidy_item": (f"{OFFICES} lead", f"{OFFICES} equal_lead", "west_bureau west_lead"),
    "delivery": OF_CLUSTER,
    "signup": OF_DECIDERS,
    "offer": OF_CLUSTER,
    "volunteer": OF_SCHOOL_HEADS,
    "guest": OF_SCHOOL_HEADS,
    "programme": (EAST, EAST, WEST),
    "certificate": (
        f"{OFFICES} principal office teacher",
        f"{OFFICES} equal_member equal_teacher",
        "west_bureau west_principal west_teacher",
    ),
    # What a cluster plans with is known to who follows it.
    "demand": OF_MANAGERS,
    "proposal": OF_MANAGERS,
    "proposed": OF_MANAGERS,
    "hour": ("bureau lead principal office", "bureau equal_member", "west_bureau west_principal"),
    "timetable_import": ("principal", "equal_member", "west_principal"),
    "record": IN_PAIR,
    "lone": WRITERS,
    "removed": WRITERS,
    "feed": WRITERS,
    "attachment": OF_CLUSTER,
    "credit": OF_CLUSTER,
    "activity_feedback": (
        f"{OFFICES} lead principal office teacher",
        f"{OFFICES} equal_member equal_teacher",
        "west_bureau west_lead west_principal west_teacher",
    ),
    "activity_move": OF_CLUSTER,
    "resource": OF_CLUSTER,
    "resource_paper": OF_CLUSTER,
    "resource_file": OF_CLUSTER,
    "analysis": OF_CLUSTER,
    "analysis_step": OF_CLUSTER,
    "inspection": (f"{OFFICES} lead principal office", f"{OFFICES} equal_member", WEST_HEADS),
    "problem": (f"{OFFICES} lead principal office", EQUAL_HEADS, WEST_HEADS),
    # The writer and each level that has had it; the convenor's cluster has no liaison here.
    "school_request": (
        "bureau lead principal teacher",
        "bureau equal_lead equal_member equal_teacher",
        "west_bureau west_lead west_principal west_teacher",
    ),
    "school_request_step": (
        "bureau lead principal teacher",
        "bureau equal_lead equal_member equal_teacher",
        "west_bureau west_lead west_principal west_teacher",
    ),
    # What lies in the box of a school: the teacher representative, and who signed it; what is answered: its staff.
    "opinion": ("colleague", "equal_teacher", "west_teacher"),
    "opinion_digest": (
        "colleague nanjiao_principal",
        "equal_member equal_teacher",
        "west_principal west_teacher",
    ),
    # A circular tells of the whole district, to all who follow one of its clusters.
    "circular": (
        f"{FOLLOWERS} equal_lead equal_member",
        f"{FOLLOWERS} equal_lead equal_member",
        WEST_HEADS,
    ),
    "assessment_template": (EAST, EAST, WEST),
    "person_template": (EAST, EAST, WEST),
    "assessment_round": OF_MANAGERS,
    "assessment_case": (
        f"{OFFICES} lead principal office",
        f"{OFFICES} equal_member",
        "west_bureau west_principal",
    ),
    # How far a school is with its teachers, its staff know; what was written and given, only two.
    "person_round": ("lead teacher mentor", "equal_lead equal_teacher", "west_lead west_teacher"),
    "person_case": ("lead teacher", "equal_lead equal_teacher", "west_lead west_teacher"),
    "ledger": OF_MANAGERS,
    "ledger_fund": OF_MANAGERS,
    "ledger_honour": OF_MANAGERS,
    "reflection": TEACHERS,
    "comment": TEACHERS,
    "shared_mentor": ("teacher", "equal_lead equal_teacher", "west_teacher"),
    "shared_school": ("lead teacher mentor", "equal_lead equal_teacher", "west_lead west_teacher"),
    "shared_cluster": (
        "lead principal office teacher mentee mentor colleague nanjiao_principal",
        "equal_lead equal_member equal_teacher",
        "west_lead west_principal west_teacher",
    ),
    "case_log": OF_STAFF,
    "case": ("teacher lead", "equal_teacher equal_lead equal_member", "west_teacher west_lead"),
    "note": ("", "equal_lead", ""),
    "report": TEACHERS,
    "entry": TEACHERS,
    "call": OF_STAFF,
    "notice": TEACHERS,
    "file": LEADS,
    "job": LEADS,
    "import": LEADS,
    "day": (EAST, EAST, WEST),
    "subject": (EAST, EAST, WEST),
    "person": OF_PERSON,
    "account": OF_PERSON,
    "service": OF_PERSON,
    "appointment": OF_PERSON,
    "condition": NOBODY,
    "staffing": OF_MANAGERS,
}
# The drill-down of a summary lists the lessons that it counts, without names, to all who may see the summary.
IN_FIGURES = dict.fromkeys(("lesson", "session", "left", "instead", "off"), OF_MANAGERS)
# A mentor's note is the mentor's alone; only in 城南组团 the writer of the log has one.
# Kept for counting, sealed, or (the note of a signed summary) over: no page shows their words to anybody.
SHOWN_NOWHERE = {
    "note",
    "expert_score",
    "summary",
    "removed",
    "service",
    "appointment",
    "condition",
    "account",
    "job",
    "closed_month",
    "subsidy",
}

# Addresses without an object, with the filters that they know. A page that knows none stands in PAGES.
BY_PLACE = ("cluster", "school")
LISTS = {
    "admin.people": ("q", "school"),
    "admin.people_export": ("q", "school"),
    "clusters.index": ("kind",),
    "clusters.cluster_export": ("kind",),
    "clusters.school_list": ("name", "cluster"),
    "clusters.school_export": ("name", "cluster"),
    "clusters.staffing_move": ("school",),
    "clusters.letter_list": BY_PLACE,
    "clusters.letter_export": BY_PLACE,
    "exchange.index": BY_PLACE,
    "exchange.export": BY_PLACE,
    "exchange.secondment_list": ("school",),
    "exchange.secondment_export": ("school",),
    "pairing.index": BY_PLACE,
    "pairing.pair_export": BY_PLACE,
    "pairing.school_list": BY_PLACE,
    "pairing.school_export": BY_PLACE,
    "pairing.reciprocity": BY_PLACE,
    "pairing.reciprocity_export": BY_PLACE,
    "plans.meeting_list": ("cluster",),
    "plans.meeting_export": ("cluster",),
    "plans.term_plan_list": ("state",),
    "plans.term_plan_export": ("state",),
    "plans.activity_list": ("cluster",),
    "plans.activity_export": ("cluster",),
    "resources.index": ("q", "cluster"),
    "supervision.index": ("q", "cluster", "school"),
    "supervision.inspection_export": ("q", "cluster", "school"),
    "instructions.index": ("q", "cluster"),
    "opinions.index": ("school",),
    "supervision.problem_list": ("q", "cluster", "school"),
    "supervision.problem_export": ("q", "cluster", "school"),
    "ledgers.index": ("q", "cluster", "school"),
    "ledgers.export": ("q", "cluster", "school"),
    "resources.export": ("q", "cluster"),
    "resources.quality_list": ("q", "cluster", "subject"),
    "resources.quality_export": ("q", "cluster", "subject"),
    "records.index": ("kind",),
    "records.export": ("kind",),
    "records.jot": ("link",),
    "reflections.index": ("tab", "subject", "theme", "link"),
    "search.index": ("q", "cluster", "kind", "mine"),
    "reflections.new": ("link",),
    "reflections.problems": ("q", "log"),
    "reflections.report_new": ("q",),
    "reflections.writers": ("school",),
    "reflections.writers_export": ("school",),
    "summaries.index": ("state",),
    "summaries.export_list": ("state",),
    "visiting.index": (*BY_PLACE, "teacher", "class"),
    "visiting.export": (*BY_PLACE, "teacher", "class"),
    "visiting.confirm": ("school",),
    "visiting.lesson_new": ("school",),
    "visiting.absence_list": ("school", "name"),
    "visiting.absence_export": ("school", "name"),
    "visiting.month_list": BY_PLACE,
    "visiting.delivery_list": ("school", "subject"),
    "visiting.delivery_export": ("school", "subject"),
    "visiting.delivery_new": ("offer",),
    "visiting.offer_new": ("person",),
    "visiting.volunteers_board": ("school", "subject"),
    "visiting.volunteer_list": ("q",),
    "visiting.limit_list": ("school",),
    "visiting.lesson_check": ("lesson", "school"),
    "visiting.copy": ("teacher", "school"),
    "visiting.subsidy_list": BY_PLACE,
    "visiting.subsidy_export": BY_PLACE,
    "admin.person_new": ("school",),
    "account.people": ("q",),
}
PAGES = set(
    "account.index admin.day_list admin.day_new admin.district admin.index admin.roster_blank admin.roster_list"
    " admin.term_list admin.term_new clusters.cluster_new clusters.compare"
    " clusters.compare_export clusters.school_new"
    " clusters.group_index clusters.district_group_new exchange.posting_new exchange.programme_list"
    " exchange.programme_new exchange.secondment_mine exchange.trip_list exchange.trip_new feeds.index"
    " home.index home.notices home.style pairing.school_pair_new pairing.pair_list_blank pairing.template_list"
    " pairing.district_template_new plans.index"
    " reflections.call_new reflections.case_list reflections.report_list"
    " visiting.code visiting.subsidy_tiers visiting.workload visiting.absence_new visiting.ask_list"
    " visiting.import_list visiting.programme_list visiting.programme_new visiting.proposal_index"
    " visiting.volunteer_new supervision.round_list supervision.round_list_export supervision.template_list"
    " supervision.circular"
    " supervision.circular_issue plans.district_activity_new"
    " supervision.circular_export supervision.round_clusters resources.template_list".split()
)
# Filters by kind, state, time and place in a list: they name no object.
NAME_NOTHING = set(
    "term kind state mine at year view show sheet page on day week odd late closed role account section edition"
    " next which form direction way location weak public header_row month code first last stage from bring"
    " programme batch missing years side seen step"
    " topic"
    " test".split()  # one of the cluster's own joint tests: test_quality.py shows that another one is not taken
)
# One figure is asked for by everybody; whoever sees one sees all. These ask for each, those who see least among them.
EVERY_FIGURE = ("liaison", "equal_member", "west_principal")
# What an address asks for beside an object: each value is asked for as well.
PLAIN = {
    "key": sorted(DEFINITIONS),
    "edition": [1],
    "kind": sorted(KINDS),
    "level": ["group"],
    "finding": [0],
    "step": ["survey", "analyse", "improve"],
    "blank": sorted(TEMPLATES),
}


@pytest.fixture
def filled(app, world, actor_of):
    """The cast's world with its canaries, and each summary signed, so that there are frozen editions."""
    rows = fill(world)
    for side, lead in zip(("east", "equal", "west"), LEADS, strict=True):
        found = getattr(rows, side)
        summary = found["summary"]
        for section in db.session.scalars(sa.select(SummarySection).filter_by(summary_id=summary.id)):
            section.text, section.is_done = word(side, "section"), True
        if side == "equal":
            member = world.equal_member
            db.session.add(
                SummaryConsent(
                    district_id=summary.district_id,
                    summary_id=summary.id,
                    edition=1,
                    school_id=world.huoban.id,
                    person_id=member.id,
                    agreed_at=AT,
                )
            )
        db.session.flush()
        summary_actions.take(actor_of(lead), summary, "sign", note="", expected=None, now=NOW)
        plan = found["term_plan"]
        if side == "equal":
            agreed = PlanConsent(
                district_id=plan.district_id,
                plan_id=plan.id,
                edition=plan.edition,
                school_id=world.huoban.id,
                person_id=world.equal_member.id,
                agreed_at=AT,
            )
            db.session.add(agreed)
            db.session.flush()
        plan_actions.take(actor_of(lead), plan, "set", note="", expected=None, now=NOW)
        found["class"] = word(side, "lesson")
        found["subject"] = [word(side, "delivery"), word(side, "offer")]
    db.session.commit()
    keys = {
        side: {kind: getattr(row, "id", row) for kind, row in getattr(rows, side).items()}
        for side in ("east", "equal", "west")
    }
    for of_side in keys.values():  # more than one object of a kind
        of_side["reflection"] = [
            of_side[k] for k in ("reflection", "shared_mentor", "shared_school", "shared_cluster", "case_log")
        ]
        of_side["record"] = [of_side[k] for k in ("record", "lone", "official")]
        for kind in ("case", "round", "template"):
            pair = (f"assessment_{kind}", f"person_{kind}")
            of_side[pair[0]] = [of_side[k] for k in pair]
    return keys


@pytest.fixture
def clients(filled, as_):
    """Everybody, logged in; that pages are valid is shown elsewhere."""
    made = {role: as_(role) for role in ACCOUNTS}
    for client in made.values():
        client.checks_pages = False
    return made


def _readers(side: str, kind: str, address: str) -> set[str]:
    number = ("east", "equal", "west").index(side)
    more = IN_FIGURES.get(kind, NOBODY) if "/figures/" in address else NOBODY
    return {*READERS[kind][number].split(), *more[number].split()}


class Finder:
    """Collects whose words turned up where, and says which of them should not have."""

    def __init__(self):
        self.leaks, self.seen = [], defaultdict(set)
        self.words = re.compile("鸟(east|equal|west)-([a-z_]+)鸟")

    def look(self, role: str, address: str, answer, *, asked: str = "") -> str:
        text = text_of(answer)
        assert answer.status_code < 500, (role, address)
        for side, kind in set(self.words.findall(text)):
            if word(side, kind) == asked:
                continue  # a page says again what it was asked for
            readers = _readers(side, kind, address)
            if role in readers:
                self.seen[side, kind].add(role)
            else:
                self.leaks.append((role, address, side, kind))
        if address == "/style":
            return text  # its samples are of nobody
        other = WESTERN if not role.startswith("west") else EASTERN
        self.leaks += [(role, address, name) for name in other if name in text and name not in asked]
        return text


# Names of people and places are known in the whole district, and nowhere else.
WESTERN = ("西城区", "南关", "古城", "康云舟", "罗景和", "傅思齐", "柯启明")
EASTERN = (
    *(
        "东城区",
        "麟峰",
        "拱辰",
        "南郊",
        "资源小学",
        "伙伴小学",
        "城南组团",
        "郑书恒",
        "黄景行",
        "陈怀瑾",
        "吴静姝",
    ),
    *("许清和", "林晓岚", "江念一", "周以宁", "何思源", "江若谷", "卓怀远", "庄亦舒", "谢砚秋", "戴知行"),
)


def private_rules(app):
    return [
        rule
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint)
        if rule.endpoint not in PUBLIC_ENDPOINTS and "GET" in rule.methods
    ]


def addresses(app, rule, rows: dict) -> list[str]:
    """The rule's addresses with every object of one side, and every value of a part that names no object."""
    choices = [{}]
    for argument in sorted(rule.arguments):
        kind = argument.removesuffix("_id")
        values = PLAIN[argument] if argument in PLAIN else rows[kind]
        values = values if isinstance(values, list) else [values]
        choices = [{**chosen, argument: value} for chosen in choices for value in values]
    with app.test_request_context():
        return [app.url_map.bind("").build(rule.endpoint, chosen) for chosen in choices]


def who_asks(side: str, rule) -> list[str]:
    """Everybody of the district, and a few of the other: that those get 404 throughout is test_access_matrix's."""
    near = [role for role in ACCOUNTS if role.startswith("west") == (side == "west")]
    far = ["bureau", "lead", "teacher"] if side == "west" else ["west_bureau", "west_lead"]
    return near + far if rule.arguments else list(ACCOUNTS)


ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.mark.promise(3)
@pytest.mark.slow
@ON_SQLITE  # what a statement of the portal selects does not depend on the engine; searching may, see below
def test_no_page_export_or_drill_down_shows_the_words_of_others(app, filled, clients, engine):
    finder = Finder()
    for rule in private_rules(app):
        for side in ("east", "equal", "west") if rule.arguments else ("east",):
            for number, address in enumerate(addresses(app, rule, filled[side])):
                for role in EVERY_FIGURE if number and "key" in rule.arguments else who_asks(side, rule):
                    finder.look(role, address, clients[role].get(address))
    _walk_documents(finder, filled, clients)
    assert finder.leaks == []
    silent = {kind for side in ("east", "equal", "west") for kind in READERS if not finder.seen[side, kind]}
    assert silent == SHOWN_NOWHERE


def _walk_documents(finder, filled, clients) -> None:
    """The PDF of each summary, made by its lead, fetched by everybody."""
    for side, lead in zip(("east", "equal", "west"), LEADS, strict=True):
        made = clients[lead].post(f"/summaries/{filled[side]['summary']}/export")
        assert made.status_code == 303
    files = [(file.id, file.mime) for file in db.session.scalars(sa.select(StoredFile)) if file.summary_id]
    assert [mime for _, mime in files] == ["application/pdf"] * 3
    before = dict(finder.seen)
    finder.seen.clear()
    for role, client in clients.items():
        for key, _ in files:
            finder.look(role, f"/summaries/files/{key}", client.get(f"/summaries/files/{key}"))
    # What was written, and the annexes; a long word may be broken in a narrow column, and is then not read here.
    found = {pair for pair, roles in finder.seen.items() if roles}
    written = {(side, kind) for side in ("east", "equal", "west") for kind in ("section", "group_summary")}
    assert (written - found, {kind for _, kind in found}) == (
        set(),
        {"section", "group_summary", "group", "duty"},
    )
    finder.seen.update(before)


# --- Filters, search words and suggestions ---


KNOW_THE_DISTRICT = ("account.people", "visiting.lesson_new", "visiting.lesson_check")


def foreign_sides(role: str, endpoint: str) -> tuple[str, ...]:
    """Whose things are not this person's.

    Suggestions of people know the whole district, and a lesson may be given at any of its schools, at their bells.
    """
    if role.startswith("west"):
        return ("east", "equal")
    if role in OFFICES.split() or endpoint in KNOW_THE_DISTRICT:
        return ("west",)
    return ("east", "west") if role.startswith("equal") else ("equal", "west")


def asked_values(name: str, rows: dict, people: dict) -> list[tuple[str, str]]:
    """(what is asked for, the same question about something that does not exist) for one filter."""
    if name in ("cluster", "school"):
        return [(str(rows[name]), str(NOWHERE))]
    if name in ("teacher", "person"):
        return [(str(rows["person"]), str(NOWHERE))]
    if name in ("offer", "lesson"):
        return [(str(rows[name]), str(NOWHERE))]
    if name == "subject":
        return [(each, "没有这一科") for each in rows["subject"]]
    if name == "link":
        return [
            (f"{kind}:{rows[row]}", f"{kind}:{NOWHERE}")
            for kind, row in (("pair", "pair"), ("pairing", "pairing"))
        ]
    if name == "class":  # asked for with a school or without, it is a class of the own schools or none
        return [(rows["class"], "没有这个班")]
    if name == "q":
        return [(people["person"], "某某某"), (people["school"], "某某小学"), (rows["class"], "没有这个班")]
    if name == "log":
        return [(str(rows["reflection"][0]), str(NOWHERE))]
    return [(people["school"], "某某小学")] if name == "name" else []


# Own logs that read like the words asked for are found: two questions differ by what one may see anyway.
BY_LIKENESS = {("reflections.problems", "q")}
PEOPLE = {
    "east": {"person": "林晓岚", "school": "拱辰中心小学"},
    "equal": {"person": "戴知行", "school": "伙伴小学"},
    "west": {"person": "柯启明", "school": "古城小学"},
}
# What a list is asked for about one's own things: the words of others must not come along.
OWN = {"tab": ("shared", "mine", "mentees"), "kind": ("observation",), "state": ("submitted",), "link": ("",)}


# One of each place in each tenant: everybody else asks the same questions from the same place.
ASKING = (
    "bureau",
    "lead",
    "principal",
    "teacher",
    "colleague",
    "liaison",
    "equal_lead",
    "equal_teacher",
    "west_lead",
)
# Searching is the engine's: the other one is asked by these, for words.
IN_WORDS = ("q", "name", "subject", "class")
ASKING_TOO = ("lead", "colleague", "equal_teacher", "west_lead")


def _ask(finder, client, role: str, address: str, name: str, value: str) -> tuple[int, str]:
    """Status and words of the answer, without the words of the question."""
    answer = client.get(address, query_string={name: value})
    text = finder.look(role, f"{address}?{name}={value}", answer, asked=value)
    return answer.status_code, plain(text.replace(answer.headers["X-Request-Id"], ""), value)


@pytest.mark.promise(3)
@pytest.mark.slow
def test_asking_for_the_things_of_others_answers_as_for_what_is_not_there(app, filled, clients, engine):
    finder, told = Finder(), []
    for endpoint, names in LISTS.items():
        with app.test_request_context():
            address = app.url_map.bind("").build(endpoint)
        # A filter is one column in any engine; words are looked for in ways of its own.
        names = [name for name in names if engine.kind == "sqlite" or name in IN_WORDS]
        for role in ASKING if engine.kind == "sqlite" else ASKING_TOO:
            ask = lru_cache(partial(_ask, finder, clients[role], role, address))
            for name, value in [*((n, value) for n in names for value in OWN.get(n, ())), ("term", "all")]:
                ask(name, value)
            for side in foreign_sides(role, endpoint):
                for name in names:
                    for theirs, nothing in asked_values(name, filled[side], PEOPLE[side]):
                        # Both are asked in any case: whose words turn up is looked at.
                        same = ask(name, theirs) == ask(name, nothing)
                        if not same and (endpoint, name) not in BY_LIKENESS:
                            told.append((role, address, name, theirs))
    assert finder.leaks == []
    assert told == []


def plain(text: str, value: str) -> str:
    """The answer without what differs by itself: what was asked, form tokens, and keys made anew."""
    for shape in {value, quote(value), quote_plus(value)}:
        text = text.replace(shape, "…")
    text = re.sub(r"<dcterms:(created|modified)[^>]*>[^<]*", "", text)
    return re.sub(r'\.?[\w-]{15,}\.[\w-]{6}\.[\w-]{27}|"[0-9a-f]{32}"', "", text)


@pytest.mark.promise(3)
@pytest.mark.slow
@ON_SQLITE
def test_fragments_show_no_more_than_their_pages(app, filled, clients, engine):
    finder, asked = Finder(), set()
    for rule in private_rules(app):
        module = import_module(app.view_functions[rule.endpoint].__module__)
        of_module = fragments_in(getsource(module))
        asked |= of_module
        for block in sorted(of_module):
            for address in [
                each for side in ("east", "west") for each in addresses(app, rule, filled[side])[:1]
            ]:
                for role in (
                    "bureau",
                    "lead",
                    "colleague",
                    "teacher",
                    "equal_lead",
                    "equal_teacher",
                    "west_lead",
                ):
                    finder.look(role, address, clients[role].get(address, htmx=block))
    assert finder.leaks == []
    assert asked == set().union(*(fragments_in(source) for _, source in page_sources()))


def fragments_in(source: str) -> set[str]:
    """The blocks that the pages of a module give out by themselves."""
    return {
        name
        for listed in re.findall(r"fragments=\(([^)]*)\)", source)
        for name in re.findall(r'"(\w+)"', listed)
    }


@pytest.mark.promise(3)
def test_every_route_filter_and_text_is_part_of_the_walk(app, filled):
    without_object = {rule.endpoint for rule in private_rules(app) if not rule.arguments}
    assert without_object == set(LISTS) | PAGES
    assert not set(LISTS) & PAGES
    asked = set()
    for _, source in page_sources():
        asked |= set(re.findall(r'(?:args|asked|request\.values)\.get\(\s*"(\w+)"', source))
    assert asked - NAME_NOTHING == {name for names in LISTS.values() for name in names} - NAME_NOTHING
    for table in db.metadata.sorted_tables:
        if table.name not in TEXTS and not db.session.scalar(sa.select(sa.func.count()).select_from(table)):
            continue  # no route leads to a row of it, or the walk would have needed one
        held = {
            column.name
            for column in table.c
            if not isinstance(
                column.type, sa.Uuid | sa.Boolean | sa.Integer | sa.Float | sa.Date | sa.DateTime
            )
            and getattr(column.type, "impl", None).__class__ is not sa.DateTime
        }
        texts = set(TEXTS.get(table.name, "").split())
        left = {name for name in held - texts if not {name, f"{name}.{table.name}"} & NO_TEXT}
        assert (texts - held, left) == (set(), set()), table.name
