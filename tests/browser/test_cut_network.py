"""The forms of pairs, secondments and logs on a phone, with the network cut at every step: while typing, when the form
is sent, and after it was carried out but before its answer arrives. No character is lost, nothing is doubled."""

from datetime import UTC, date, datetime, timedelta

from playwright.sync_api import expect

from portal.extensions import db
from portal.models import (
    Cluster,
    MentoringPair,
    MentoringRenewal,
    ObservationSheet,
    ObservationTemplate,
    PairFit,
    PairingNeed,
    PairingPlanLine,
    PairReview,
    Person,
    Reflection,
    ReflectionComment,
    School,
    SchoolPairing,
    Secondment,
    SecondmentContact,
    SecondmentEntry,
    SecondmentEvaluation,
    SecondmentLeave,
    StudyPlan,
    TemplateEdition,
    TemplateSuggestion,
    WorkRecord,
)
from tests.browser.test_secondment_story import DAYS, load_story
from tests.factories import PASSWORD
from tests.support.browser import eventually

KEPT = "Object.keys(localStorage).filter((name) => name.startsWith('portal:'))"


def load_all(app) -> None:
    """The secondment's story under way, with a pair of the secondee and a log that the mentor reads."""
    load_story(app)
    today = date.today()  # noqa: DTZ011  (the server that the browser meets runs by the real clock)
    people = {each.name: each for each in db.session.scalars(db.select(Person))}
    host = db.session.scalars(db.select(School).filter_by(name="拱辰中心小学")).one()
    case = db.session.scalars(db.select(Secondment)).one()
    case.batch_id = case.programme.batches[0].id
    case.host_kind, case.host_school_id, case.host_post, case.state = "school", host.id, "校长助理", "active"
    case.starts_on, case.ends_on = today - timedelta(days=DAYS), today + timedelta(days=2)
    case.arrived_on = case.starts_on
    mentor, mentee = people["陈怀瑾"], people["林晓岚"]
    cluster = db.session.scalars(db.select(Cluster)).one()
    base = {"district_id": case.district_id}
    now = datetime.now(UTC)
    pair = MentoringPair(
        **base,
        cluster_id=cluster.id,
        mentor_id=mentor.id,
        mentee_id=mentee.id,
        starts_on=case.starts_on,
        ends_on=case.ends_on,
        state="active",
        mentor_accepted=True,
        mentee_accepted=True,
        created_by_id=mentor.id,
    )
    log = Reflection(
        **base,
        person_id=mentee.id,
        school_id=case.home_school_id,
        cluster_id=cluster.id,
        happened_on=today,
        experience="后排也开口了",
        visibility="cluster",
        state="submitted",
        submitted_at=now,
    )
    template = ObservationTemplate(**base, cluster_id=cluster.id, name="听课表", created_by_id=mentor.id)
    # Some days ago, so that it is in no way of the leave that is asked for today, wherever the day has begun.
    day = today - timedelta(days=5)
    away = SecondmentLeave(**base, secondment_id=case.id, first_day=day, last_day=day, reason="复诊")
    schools = SchoolPairing(
        **base,
        cluster_id=cluster.id,
        donor_id=case.home_school_id,
        beneficiary_id=host.id,
        starts_on=case.starts_on,
        ends_on=today + timedelta(days=300),
        state="proposed",
        donor_agreed_by_id=mentor.id,
        created_by_id=mentor.id,
    )
    db.session.add_all([pair, schools, log, template, away])
    db.session.flush()
    edition = TemplateEdition(
        **base,
        template_id=template.id,
        number=1,
        items=[{"text": "优点", "kind": "text"}],
        person_id=mentor.id,
        made_at=now,
    )
    heard = WorkRecord(
        **base,
        person_id=mentor.id,
        kind="observation",
        line="听了一节课",
        happened_on=today,
        mentoring_pair_id=pair.id,
    )
    db.session.add_all([edition, heard])
    db.session.commit()


def forms() -> list[tuple]:
    """(account, address, a choice or none, the field, or fields, what stores it, where its words are).

    A choice that begins with `+` opens a step that asks for its reason.
    """
    case, pair, schools, log, heard, template, away = (
        db.session.scalars(db.select(model)).one().id
        for model in (
            *(Secondment, MentoringPair, SchoolPairing, Reflection),
            *(WorkRecord, ObservationTemplate, SecondmentLeave),
        )
    )
    mentoring = f"/pairing/mentoring/{pair}"
    study = f"/exchange/secondments/{case}"
    return [
        ("lead", f"/pairing/mentoring/{pair}", "谈话", "line", WorkRecord, "line"),
        (
            "lead",
            f"/pairing/records/{heard}/sheet?form={template}",
            "",
            "item-0",
            ObservationSheet,
            "answers",
        ),
        ("lead", f"/reflections/{log}", "", "text", ReflectionComment, "text"),
        ("teacher", f"{study}/plan", "", "goals contents measures topics homework", StudyPlan, "goals"),
        ("teacher", f"{study}/entries/new?kind=topic", "", "title", SecondmentEntry, "title"),
        ("teacher", f"{study}/leave", "", "reason", SecondmentLeave, "reason"),
        (
            "principal",
            f"/exchange/secondments/leaves/{away}",
            "+不批准",
            "note",
            SecondmentLeave,
            "state_note",
        ),
        ("personnel", study, "", "note", SecondmentContact, "note"),
        ("principal", f"{study}/evaluate?way=host", "", "text grade", SecondmentEvaluation, "text"),
        ("personnel", f"{study}/evaluate?way=office", "", "text grade", SecondmentEvaluation, "text"),
        ("lead", f"{mentoring}/review?kind=midterm", "部分达到", "progress further", PairReview, "progress"),
        ("teacher", f"{mentoring}/review?kind=final", "达到目标", "progress further", PairReview, "progress"),
        ("teacher", f"{mentoring}/fit", "想找人聊聊", "text", PairFit, "text"),
        ("teacher", f"{mentoring}/renew", "", "goals", MentoringRenewal, "goals"),
        ("lead", mentoring, "+结业", "note", MentoringPair, "state_note"),
        ("lead", f"/pairing/schools/{schools}/plan", "", "who-0 post-0 content-0", PairingPlanLine, "who"),
        ("principal", f"/pairing/schools/{schools}/survey", "", "text", PairingNeed, "text"),
        ("teacher", f"/pairing/templates/{template}", "", "text", TemplateSuggestion, "text"),
        ("personnel", f"{study}/assign", "", "host_post host_school", Secondment, "host_post"),
    ]


def test_a_form_of_every_kind_survives_a_network_that_is_cut_at_every_step(live_server, open_page):
    server = live_server(load_all)
    with server.app.app_context():
        asked = forms()
    phones = {}
    for number, (account, address, choice, fields, model, column) in enumerate(asked):
        field, *more = fields.split()
        if account not in phones:
            phones[account] = open_page(server, phone=True)
            phones[account].log_in(account, PASSWORD)
        # An evaluation is asked for when the report is in, and somebody is sent who was chosen.
        state = "finished" if model is SecondmentEvaluation else "candidate" if model is Secondment else None
        if state:
            with server.app.app_context():
                db.session.scalars(db.select(Secondment)).one().state = state
                db.session.commit()
        phone, text = phones[account], f"断网时写的第{number}句"
        page, watch = phone.page, phone.watch
        within = "details[open] form" if choice.startswith("+") else "main form:has(button[type=submit])"
        box = page.locator(f"{within} [name={field}]").first
        drafts = "details[open] form" if choice.startswith("+") else "form"
        send = (
            page.locator(f"{drafts}[data-draft]:has([name={field}])")
            .first.locator("button[type=submit]")
            .last
        )

        others = [page.locator(f"main form [name={name}]").first for name in more]

        # While typing, and at the moment of sending: the words stay where they are and the page says why.
        phone.goto(address)
        with watch.offline():
            if choice.startswith("+"):
                page.locator("summary", has_text=choice[1:]).first.click()
            elif choice:
                page.locator("form[data-draft] label.chip", has_text=choice).first.click()
            for each in (box, *others):
                if each.evaluate("(field) => field.tagName") == "SELECT":
                    each.select_option(index=1)
                else:
                    each.fill(text)
            send.click()
            expect(page.locator(".toast-line", has_text="没有网络").first).to_be_visible()
            expect(box).to_have_value(text)

        # A page that was closed meanwhile has them again; now the server gets them, and its answer is lost.
        phone.goto(address)
        expect(box).to_have_value(text)

        def lose(route):
            if route.request.method == "POST":
                route.fetch(max_redirects=0)
                route.abort("connectionreset")
            else:
                route.fallback()

        watch._offline = True
        page.route("**/*", lose)
        send.click()
        page.wait_for_url("chrome-error://**")
        page.unroute("**/*")
        watch._offline = False

        # Nobody knows whether they arrived: they are there again, are sent again, and count once.
        phone.goto(address)
        if box.count() and box.input_value() == text and page.locator(".draft-note").count():
            send.click()
            expect(page.locator(".draft-note")).to_have_count(0)
        with server.app.app_context():
            rows = db.session.scalars(db.select(getattr(model, column))).all()
            assert len([row for row in rows if text in str(row)]) == 1, (address, rows)
        eventually(page, KEPT, [])  # what has arrived is no longer kept here
