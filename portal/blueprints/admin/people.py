"""People of the schools in one's hand: list, export, page, by hand, moving and leaving."""

from flask import request
from flask_babel import gettext as _

from portal import labels
from portal.actions import people as actions
from portal.actions.errors import NotAllowed
from portal.auth import actor, can, now, requires, today
from portal.blueprints.admin import bp
from portal.blueprints.admin.forms import LeavePostForm, MoveForm, NewPersonForm, PersonForm
from portal.documents.tables import table_workbook
from portal.domain.masks import masked_phone
from portal.forms import as_uuid, clean_line
from portal.queries import people as people_queries
from portal.queries import schools, staff
from portal.web import commit, go, history_of, render, saved, send_workbook


def _filters() -> dict:
    asked = request.args
    return {
        "school_id": as_uuid(asked.get("school")),
        "words": clean_line(asked.get("q", ""))[:60],
        "role": clean_line(asked.get("role", ""))[:32],
        "state": clean_line(asked.get("state", ""))[:32],
        "account": clean_line(asked.get("account", ""))[:32],
    }


def _roles(rows) -> dict:
    return {person.id: staff.roles_in_force(person, today()) for person in rows}


@bp.get("/people")
@requires("person.list")
def people():
    """People in sight, by name, with filters in the address."""
    who, filters = actor(), _filters()
    page = staff.person_page(who, today(), cursor=request.args.get("at"), **filters)
    chosen = schools.by_id(who.district_id, filters["school_id"]) if filters["school_id"] else None
    return render(
        "admin/people.html",
        fragments=("person_list",),
        page=page,
        asked=request.args,
        words=filters["words"],
        posts={person.id: staff.present_post(person) for person in page.rows},
        roles=_roles(page.rows),
        accounts=staff.accounts_of(who.district_id, [person.id for person in page.rows]),
        schools=schools.in_hand(who),
        chosen=chosen if chosen and can("school.accounts", chosen) else None,
    )


@bp.get("/people.xlsx")
@requires("person.list")
def people_export():
    """The same list as a workbook; no numbers of phones in it."""
    who = actor()
    rows = staff.all_matching(who, today(), **_filters())
    roles, accounts = _roles(rows), staff.accounts_of(who.district_id, [p.id for p in rows])
    cells = []
    for person in rows:
        post, account = staff.present_post(person), accounts.get(person.id)
        held = "、".join(_(labels.ROLE[r.role]) for r in roles[person.id])
        place = [post.school.name, post.starts_on] if post else ["", None]
        words = [_(labels.SEX[person.sex]) if person.sex else "", "、".join(person.subjects)]
        cells.append(
            [person.name, person.staff_no, *place, *words, held, account.username if account else ""]
        )
    head = [_("姓名"), _("工号"), _("学校"), _("来校日期"), _("性别"), _("任教学科"), _("任职"), _("账号")]
    return send_workbook(table_workbook(_("人员"), head, cells), _("人员") + f"-{today():%Y%m%d}.xlsx")


@bp.route("/people/new", methods=["GET", "POST"])
@requires("person.list")
def person_new():
    """Add a person by hand, at a school in one's hand."""
    mine = [s for s in schools.in_hand(actor()) if can("person.create", s)]
    if not mine and not can("person.create"):
        raise NotAllowed("person.create")
    form = NewPersonForm(
        schools=mine,
        may_do_without=can("person.create"),
        school=request.args.get("school", ""),
        since=today(),
    )
    if form.validate_on_submit():
        chosen = as_uuid(form.school.data)
        values = {
            **form.facts,
            **form.values("since", "is_namesake"),
            "school": next((s for s in mine if s.id == chosen), None),
        }
        made = saved(form, lambda: actions.create(actor(), today=today(), **values))
        if made:
            return go("admin.person", _("已登记"), person_id=made.id)
    return render("admin/person_form.html", form=form, person=None)


@bp.get("/people/<uuid:person_id>")
@requires("person.view", people_queries.person_by_id)
def person(person):
    """One person: facts, posts and roles over time, account."""
    return person_page(person)


def person_page(person, phone: str = ""):
    """The page of a person; with the phone number in full when it was asked for."""
    account = people_queries.account_of(person)
    logins = people_queries.last_logins(person.district_id, [account.id]) if account else {}
    return render(
        "admin/person.html",
        person=person,
        phone=phone or masked_phone(person.phone),
        is_revealed=bool(phone),
        post=staff.present_post(person),
        posts=staff.posts_of(person),
        roles=staff.roles_of(person),
        account=account,
        last_login=logins.get(account.id) if account else None,
        history=history_of(person),
    )


@bp.post("/people/<uuid:person_id>/phone")
@requires("person.reveal", people_queries.person_by_id)
def person_phone(person):
    """Show the phone number in full, this once; that it was looked at is on record."""
    number = actions.reveal_phone(actor(), person)
    commit()
    return person_page(person, number)


@bp.route("/people/<uuid:person_id>/edit", methods=["GET", "POST"])
@requires("person.edit", people_queries.person_by_id)
def person_edit(person):
    """Change the facts of a person and of the present post."""
    post = staff.present_post(person)
    established = {True: "true", False: "false"}.get(post.on_establishment if post else None, "")
    form = PersonForm(
        obj=person,
        subject_words="、".join(person.subjects),
        post_kind=post.post_kind if post else None,
        cadre_level=post.cadre_level if post else "none",
        established=established,
    )
    if form.validate_on_submit():
        values = {**form.facts, "expected": form.expected_version, "today": today()}
        shown = ("name", "staff_no", "born_on", "post_grade")
        if saved(form, lambda: actions.edit(actor(), person, **values), person, *shown):
            return go("admin.person", _("已保存"), person_id=person.id)
    return render("admin/person_form.html", form=form, person=person)


@bp.route("/people/<uuid:person_id>/move", methods=["GET", "POST"])
@requires("person.move", people_queries.person_by_id)
def person_move(person):
    """To another school in one's hand."""
    post = staff.present_post(person)
    others = [
        s
        for s in schools.in_hand(actor())
        if can("person.create", s) and s not in ((post and [post.school]) or [])
    ]
    form = MoveForm(schools=others, since=today())
    if form.validate_on_submit():
        chosen = as_uuid(form.school.data)
        values = {"since": form.since.data, "today": today(), "expected": form.expected_version}
        school = next(s for s in others if s.id == chosen)
        if saved(form, lambda: actions.move(actor(), person, school, **values), person):
            return go("admin.person", _("已办理调动"), person_id=person.id)
    return render("admin/person_move.html", form=form, person=person, post=post, has_schools=bool(others))


@bp.route("/people/<uuid:person_id>/leave", methods=["GET", "POST"])
@requires("person.move", people_queries.person_by_id)
def person_leave(person):
    """Away from the school: retired, resigned, to another district."""
    form = LeavePostForm(last_day=today())
    if form.validate_on_submit():
        values = {**form.values("last_day", "reason"), "expected": form.expected_version}
        if saved(form, lambda: actions.leave(actor(), person, today=today(), now=now(), **values), person):
            return go("admin.person", _("已登记离开"), person_id=person.id)
    return render("admin/person_leave.html", form=form, person=person, post=staff.present_post(person))
