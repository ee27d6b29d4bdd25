"""One summary: written section by section, signed, submitted, accepted; and its signed editions."""

from flask import abort, jsonify, request
from flask_babel import gettext as _

from portal.actions import summaries as actions
from portal.actions.errors import Conflict, Refused
from portal.auth import actor, can, now, requires, today
from portal.blueprints.summaries import bp, view
from portal.blueprints.summaries.forms import SectionForm
from portal.documents.charts import bar_chart
from portal.documents.summary import title_lines
from portal.domain.moments import local
from portal.domain.summary_content import (
    content_hash,
    date_line,
    first_page,
    paragraphs,
    seal_note,
    status_line,
)
from portal.extensions import db
from portal.jobs import board, summary_pdf
from portal.queries import clusters, group_summaries, summaries
from portal.queries.figure_schools import other_members
from portal.queries.figures import scheme_of
from portal.web import commit, go, history_of, read_step, render, saved


@bp.get("/<uuid:summary_id>")
@requires("summary.view", summaries.by_id)
def workspace(summary):
    """The sections with one open for writing, the official page, export, and what comes next."""
    return _page(summary, request.args.get("section", ""))


def _page(summary, key: str, form=None):
    content = summaries.content_of(summary, today())
    sections = summaries.sections_of(summary)
    here = _open_section(sections, key)
    definition = next(each for each in summaries.definitions(summary) if each.key == here.key)
    consents = summaries.consents_of(summary, today())
    leader = clusters.lead_principal(summary.cluster, today())
    collected = group_summaries.of_term(summary.cluster, summary.term)
    lines = view.figure_lines(content, definition.figures)
    frozen = next(each for each in content["sections"] if each["key"] == here.key)
    return render(
        "summaries/workspace.html",
        form=form or SectionForm(obj=here),
        summary=summary,
        content=content,
        as_of=view.as_of(content),
        scheme=scheme_of(summary.cluster.scheme_code),
        due=summaries.due_on(summary.cluster, summary.term),
        steps=view.steps_of(summary, sections, consents, leader),
        sections=sections,
        text_mark=summaries.text_mark(sections, collected),
        collected=collected,
        definitions={each.key: each for each in summaries.definitions(summary)},
        here=here,
        definition=definition,
        sentences=view.sentences_of(summary, content, here.key),
        frozen=frozen,
        charts=[bar_chart(each["title"], each["bars"], each["unit"]) for each in frozen["charts"]],
        lines=lines,
        unprintable=view.unprintable(content),
        waiting=[(line, view.WAITING[line.key]) for line in lines if line.key in view.WAITING],
        others=other_members(summary.cluster, summary.term, today()) if here.key == "basics" else [],
        may_write=summary.state == "drafting" and can("summary.edit", summary),
        preview=first_page(content),
        seal=seal_note(content),
        title_lines=title_lines(content["title"]),
        date_line=date_line(content),
        file=summaries.made_file(summary, content_hash(content)),
        job=board.latest(actor(), summary_pdf.KIND, summary_id=str(summary.id)),
        consents=consents,
        may_agree=_may_agree(summary, sections, consents),
        unfinished=[section for section in sections if not section.is_done],
        leader=leader,
        editions=summaries.editions_of(summary),
        members=clusters.members_during(summary.cluster, summary.term.first_day, summary.term.last_day),
        history=history_of(summary),
        is_over=today() >= summary.term.last_day,
    )


def _open_section(sections, key: str):
    """The section that the address names, else the first unfinished one, else the first."""
    wanted = [section for section in sections if section.key == key]
    return (wanted or [section for section in sections if not section.is_done] or sections)[0]


def _may_agree(summary, sections, consents) -> bool:
    waits = {each.school.id for each in consents if each.given is None}
    is_ready = summary.state == "drafting" and all(section.is_done for section in sections)
    return is_ready and can("summary.agree", summary) and bool(waits & actor().principal_of)


@bp.post("/<uuid:summary_id>/sections/<part>")
@requires("summary.edit", summaries.by_id)
def section(summary, part):
    """Save a section's narrative, and its mark as done or open."""
    section = summaries.section_of(summary, part) or abort(404)
    form, mark = SectionForm(), request.form.get("mark", "")

    def act():
        who, moment = actor(), now()
        actions.write_section(who, summary, part, form.text.data, expected=form.expected_version, now=moment)
        if mark == "done":
            actions.finish_section(who, summary, part, now=moment)
        elif mark == "open":
            actions.reopen_section(who, summary, part)

    if form.validate_on_submit() and saved(form, act, section, "text"):
        message = _("这一部分已完成") if mark == "done" else _("已保存")
        stays = None if mark == "done" else part
        return go("summaries.workspace", message, summary_id=summary.id, section=stays)
    return _page(summary, part, form)


@bp.post("/<uuid:summary_id>/sections/<part>/autosave")
@requires("summary.edit", summaries.by_id)
def autosave(summary, part):
    """Keep a section while it is written: JSON with time and version, or 409 with the other one's text."""
    form = SectionForm()
    if not form.validate_on_submit():
        return jsonify(errors=form.errors), 422
    try:
        section = actions.write_section(
            actor(),
            summary,
            part,
            form.text.data,
            expected=form.expected_version,
            now=now(),
            is_autosave=True,
        )
        commit()
    except Refused as refused:
        db.session.rollback()
        return jsonify(errors={refused.field: [_(refused.message, **refused.words)]}), 422
    except Conflict:
        db.session.rollback()
        section = summaries.section_of(summary, part) or abort(404)
        return jsonify(theirs={"text": section.text}, version=section.version), 409
    return jsonify(saved_at=local(now()).strftime("%H:%M"), version=section.version)


@bp.post("/<uuid:summary_id>/step")
@requires("summary.view", summaries.by_id)
def step(summary):
    """Sign, submit, accept, return or revise."""
    wanted = read_step("term_summary")
    actions.take(actor(), summary, wanted.action, note=wanted.note, expected=wanted.expected, now=now())
    commit()
    said = {
        "sign": _("已签署，数字已定格"),
        "submit": _("已报送，区教育局会收到通知"),
        "accept": _("已受理"),
        "return": _("已退回，片区负责人会收到通知"),
        "revise": _("可以修改了；再次签署后成为新的一稿"),
    }
    return go("summaries.workspace", said[wanted.action], summary_id=summary.id)


@bp.post("/<uuid:summary_id>/agree")
@requires("summary.agree", summaries.by_id)
def agree(summary):
    """Agree to the text for one's school."""
    actions.agree(actor(), summary, seen=request.form.get("seen"), now=now())
    commit()
    return go("summaries.workspace", _("已代表贵校表示同意"), summary_id=summary.id)


@bp.get("/<uuid:summary_id>/editions/<int:edition>")
@requires("summary.view", summaries.by_id)
def edition(summary, edition):
    """A signed edition as it was frozen: the whole text, and its figures."""
    found = [each for each in summaries.editions_of(summary) if each.edition == edition] or abort(404)
    content = found[0].content
    keys = [key for each in summaries.definitions(summary) for key in each.figures]
    return render(
        "summaries/edition.html",
        summary=summary,
        snapshot=found[0],
        content=content,
        as_of=view.as_of(content),
        status_line=status_line(content),
        seal=seal_note(content),
        title_lines=title_lines(content["title"]),
        date_line=date_line(content),
        text={each["key"]: paragraphs(each) for each in content["sections"]},
        lines=view.figure_lines(content, keys),
        file=summaries.made_file(summary, content_hash(content)),
    )
