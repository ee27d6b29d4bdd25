"""A mentoring pair through its time: checks, whether it suits, renewal, re-pairing (W3)."""

from flask import request
from flask_babel import gettext as _

from portal import labels
from portal.actions import mentoring_cycle as actions
from portal.auth import actor, can, now, requires, today
from portal.blueprints.pairing import bp
from portal.blueprints.pairing.cycle_forms import FitForm, RenewalForm, ReviewForm
from portal.blueprints.pairing.names import pair_name
from portal.domain.calendar import school_year_of
from portal.queries import mentoring, mentoring_cycle
from portal.web import commit, go, read_version, render, saved


@bp.route("/mentoring/<uuid:pair_id>/review", methods=["GET", "POST"])
@requires("mentoring.review", mentoring.by_id)
def pair_review(pair):
    """Write the check that is due, or (``?kind=``) the one that is asked for."""
    kind = request.values.get("kind", "")
    if kind not in labels.PAIR_CHECK:
        due = mentoring_cycle.check_of(pair, today())
        kind = due[0] if due else "midterm"
    own = mentoring_cycle.own_review(pair, actor().person_id, kind)
    form = ReviewForm(obj=own)
    if form.validate_on_submit() and saved(
        form,
        lambda: actions.review(
            actor(),
            pair,
            kind,
            expected=form.expected_version,
            now=now(),
            **form.values("reached", "progress", "further"),
        ),
        own,
        "progress",
        "further",
    ):
        return go("pairing.pair", _("已保存，双方都能看到"), pair_id=pair.id, _anchor="checks")
    return render("pairing/review.html", form=form, pair=pair, name=pair_name(pair), kind=kind, own=own)


@bp.route("/mentoring/<uuid:pair_id>/fit", methods=["GET", "POST"])
@requires("mentoring.say_fit", mentoring.by_id)
def pair_fit(pair):
    """Say whether the pairing suits. The page says who reads it: not the other side."""
    own = mentoring_cycle.own_fit(pair, actor().person_id)
    form = FitForm(obj=own)
    if form.validate_on_submit() and saved(
        form,
        lambda: actions.say_fit(
            actor(), pair, expected=form.expected_version, now=now(), **form.values("answer", "text")
        ),
        own,
        "text",
    ):
        return go("pairing.pair", _("已保存，对方看不到"), pair_id=pair.id)
    return render("pairing/fit.html", form=form, pair=pair, name=pair_name(pair), own=own)


@bp.get("/fit/<uuid:fit_id>")
@requires("fit.view", mentoring_cycle.fit_by_id)
def fit_word(fit):
    """What somebody said about a pairing, for who arranges pairs."""
    pair = fit.pair
    return render(
        "pairing/fit_word.html",
        fit=fit,
        pair=pair,
        name=pair_name(pair),
        may_answer=can("fit.answer", fit),
        may_rematch=fit.answer == "change" and pair.state == "active" and can("mentoring.rematch", pair),
    )


@bp.post("/fit/<uuid:fit_id>/seen")
@requires("fit.answer", mentoring_cycle.fit_by_id)
def fit_seen(fit):
    """It has been seen to: somebody talked, and the pair goes on."""
    actions.see_to(actor(), fit, now=now())
    commit()
    return go("pairing.fit_word", _("已处理"), fit_id=fit.id)


@bp.post("/fit/<uuid:fit_id>/rematch")
@requires("fit.answer", mentoring_cycle.fit_by_id)
def fit_rematch(fit):
    """End the pair without a reason, and go on to propose another one for who asked."""
    pair = fit.pair
    actions.rematch(actor(), pair, fit, expected=read_version(), now=now())
    commit()
    side = "mentor" if fit.person_id == pair.mentor_id else "mentee"
    return go(
        "pairing.pair_new",
        _("原来的结对已平稳结束，请提出新的搭配"),
        cluster_id=pair.cluster_id,
        **{side: fit.person.name},
    )


@bp.route("/mentoring/<uuid:pair_id>/renew", methods=["GET", "POST"])
@requires("mentoring.renew", mentoring.by_id)
def pair_renew(pair):
    """Ask that a pair goes on."""
    year = school_year_of((pair.ends_on or today()).replace(day=1))
    form = RenewalForm(ends_on=year.last_day.replace(year=year.last_day.year + 1), goals=pair.goals)
    if form.validate_on_submit() and saved(
        form, lambda: actions.ask_renewal(actor(), pair, now=now(), **form.values("ends_on", "goals"))
    ):
        return go("pairing.pair", _("已提出续期，等双方同意"), pair_id=pair.id)
    return render("pairing/renew.html", form=form, pair=pair, name=pair_name(pair))


@bp.post("/renewals/<uuid:renewal_id>/agree")
@requires("mentoring_renewal.agree", mentoring_cycle.renewal_by_id)
def renewal_agree(renewal):
    """Agree for one's side; with both words the pair goes on."""
    pair = renewal.pair
    actions.agree_renewal(actor(), renewal, expected=read_version(), now=now())
    commit()
    return go("pairing.pair", _("已同意续期"), pair_id=pair.id)


@bp.post("/renewals/<uuid:renewal_id>/withdraw")
@requires("mentoring_renewal.withdraw", mentoring_cycle.renewal_by_id)
def renewal_withdraw(renewal):
    """Take it back or say no: the pair ends on its day."""
    actions.withdraw_renewal(actor(), renewal, expected=read_version(), now=now())
    commit()
    return go("pairing.pair", _("不续期，按原来的日期结束"), pair_id=renewal.pair_id)
