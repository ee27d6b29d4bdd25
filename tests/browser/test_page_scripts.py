"""The scripts of every page, against a page of their own: what is written is not lost, and nobody is stuck.

The page is built from the portal's frames and macros; the little server behind it answers as the test wants.
"""

import json
import types
from pathlib import Path

import pytest
from flask import Flask, jsonify, make_response, redirect, render_template_string, request
from jinja2 import StrictUndefined
from wtforms import Form, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Optional

from portal import formats
from portal.web import CSP, HTMX_CONFIG
from tests.support.browser import axe, eventually
from tests.support.server import serve

ROOT = Path(__file__).resolve().parents[2] / "portal"
KEPT = "Object.keys(localStorage).sort()"
SAVE = ".form-buttons .btn-primary"
FORM_PAGE = """
{% extends "base.html" %}{% block title %}表单{% endblock %}
{% block main %}{{ ui.head("例会", mark=ui.saved()) }}
{% block box %}<div id="box">
{% set target = "box" if fragment else none %}
{% call ui.form("/form", form=form, target=target, draft="meeting", autosave=autosave, version=version) %}
{{ ui.field(form.topic, autocomplete="off") }}{{ ui.field(form.minutes, rows=4, limit=20) }}
{{ ui.choice(form.see) }}{{ ui.person_field(form.host, "/people") }}
{% call ui.buttons() %}<button class="btn btn-primary" type="submit">保存</button>{% endcall %}
{% endcall %}</div>{% endblock %}
{% call ui.form("/jot", outbox=true, draft="jot") %}
<label class="form-label" for="line">写一句就够</label><textarea class="form-control" id="line" name="text"></textarea>
<button class="btn btn-plain" id="jot" type="submit">记下</button>
{% endcall %}
{% call ui.form("/plain") %}
<label class="form-label" for="note">便条</label><input class="form-control" id="note" name="note" type="text">
{% endcall %}
{{ ui.unsent() }}
<p><a class="btn btn-refuse" href="/ok" data-dialog="refuse">不同意</a></p>
{% call ui.dialog("refuse", "不同意") %}
<div><label class="form-label" for="why">理由</label><textarea class="form-control" id="why"></textarea>
<button class="btn btn-plain" type="button" data-close>取消</button></div>
{% endcall %}
{% endblock %}"""
DONE_PAGE = """
{% extends frame %}{% block title %}{{ words }}{% endblock %}
{% block main %}{{ ui.head(words) }}<p><a href="/form">回到表单</a></p>{% endblock %}"""


class Meeting(Form):
    topic = StringField("议题", [InputRequired("请填写议题")])
    minutes = TextAreaField("纪要", [Optional()])
    see = RadioField(
        "谁能看到",
        [InputRequired("请选择谁能看到")],
        choices=[SelectChoice("me", "我"), SelectChoice("all", "全部")],
    )
    host = StringField("主持", [Optional()])


def make_frame(app):
    """Stand-ins for what the portal gives to its frames."""
    place = types.SimpleNamespace(
        label="待办", short="待办", url="/ok", icon="home", current=True, count=2, on_phone=True
    )
    shell = types.SimpleNamespace(
        product="片区协同平台", scope_name="麟峰小学片区", scope_line="第12周", scope_options=[], nav=[place],
        person_name="林晓岚", person_role="教师", person_initial="林", jot_url="/form", search_url=None,
        notices_url="/ok", unread=0, account_url="/ok", logout_url="/logout", locale="zh",
        other_locale_label="English", locale_url="/language", footer_links=[("帮助", "/ok")],
    )  # fmt: skip
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.filters.update(formats.FILTERS, size=str)
    env.globals.update(
        _=lambda words, **values: words % values if values else words,
        shell=lambda: vars(shell).update(account_key=app.answers.get("account", "one")) or shell,
        here=lambda: "/",
        page_lang=lambda: "zh-CN",
        htmx_config=json.dumps(HTMX_CONFIG),
        static_url=lambda name: f"/static/{name}",
        csrf_token=lambda: "token",
        sent_key=lambda: "0" * 32,
        can=lambda *names: True,
    )
    ui = types.SimpleNamespace()
    env.globals["icon"] = env.get_template("macros/icon.html").module.icon
    for path in sorted((ROOT / "templates/macros").glob("*.html")):
        vars(ui).update(vars(env.get_template(f"macros/{path.name}").module))
    env.globals["ui"] = ui


@pytest.fixture
def site():
    """The server: `site.answers` says how saving is answered, `site.got` is what arrived."""
    app = Flask("scripts", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.got, app.answers = [], {"form": "check", "autosave": "ok"}
    app.jinja_env.add_extension("jinja2.ext.do")
    app.add_url_rule("/language", "account.set_language", lambda: "", methods=["POST"])
    app.add_url_rule("/login", "account.login", lambda: done("登录", "public.html"))
    make_frame(app)

    def done(words, frame="base.html"):
        return render_template_string(DONE_PAGE, words=words, frame=frame)

    @app.after_request
    def policy(answer):
        answer.headers["Content-Security-Policy"] = CSP
        return answer

    @app.get("/ok")
    def ok():
        return done("已保存")

    @app.route("/form", methods=["GET", "POST"])
    def form():
        meeting = Meeting(request.form, topic=app.answers.get("topic"))
        if request.method == "POST":
            app.got.append(request.form.to_dict())
            if app.answers["form"] == "login":
                return redirect("/login", 303)
            if meeting.validate():
                if request.headers.get("HX-Request"):
                    return make_response("", 204, {"HX-Redirect": "/ok"})
                return redirect("/ok", 303)
        template = app.jinja_env.from_string(FORM_PAGE)
        context = {
            "form": meeting, "fragment": bool(request.args.get("fragment") or request.headers.get("HX-Request")),
            "autosave": "/autosave" if request.args.get("autosave") else None,
            "version": app.answers.get("version", 1),
        }  # fmt: skip
        app.update_template_context(context)
        if request.headers.get("HX-Request"):
            body = "".join(template.blocks["box"](template.new_context(context)))
        else:
            body = template.render(context)
        return body, 422 if meeting.errors else 200

    @app.post("/autosave")
    def autosave():
        app.got.append(request.form.to_dict() | {"token": request.headers["X-CSRFToken"]})
        if app.answers["autosave"] == "conflict":
            app.answers["autosave"] = "ok"
            return jsonify(theirs={"topic": "对方的议题"}, version=9), 409
        if app.answers["autosave"] == "login":
            return "", 401
        return jsonify(saved_at="14:32", version=int(request.form["version"]) + 1)

    @app.post("/plain")
    def plain():
        app.got.append(request.form.to_dict())
        return redirect("/login" if app.answers["form"] == "login" else "/ok", 303)

    @app.post("/jot")
    def jot():
        app.got.append(request.form.to_dict())
        return redirect("/ok", 303)

    @app.post("/logout")
    def logout():
        return redirect("/login", 303)

    @app.get("/people")
    def people():
        found = (
            [{"id": "7", "label": "曾令仪（麟峰小学）", "detail": "语文"}]
            if request.args["q"] == "zly"
            else []
        )
        return render_template_string("{{ ui.person_options(found) }}", found=found)

    with serve(app) as server:
        yield server


def test_form_with_errors_keeps_its_words_and_leads_to_the_field(site, open_page):
    for address in ("/form", "/form?fragment=1"):
        window = open_page(site, phone=True)
        window.goto(address)
        page = window.page
        page.fill("#minutes", "二" * 11)
        assert page.inner_text("#minutes-count") == "11 / 20 字"
        with window.watch.expecting(422):
            page.click(SAVE)
            page.wait_for_selector(".error-summary:focus")
        assert page.input_value("#minutes") == "二" * 11
        axe(page)
        page.click(".error-summary a >> text=请选择谁能看到")
        assert page.evaluate("document.activeElement.id") == "see-0"
        page.fill("#topic", "月例会")
        page.check("#see-1")
        page.click(SAVE)
        page.wait_for_url("**/ok")
        assert page.evaluate(KEPT) == []


def test_unsent_words_come_back_after_an_expired_session(site, open_page):
    window = open_page(site)
    page = window.page
    window.goto("/form")
    page.fill("#topic", "没有发出")
    site.app.answers["form"] = "login"
    page.click(SAVE)
    page.wait_for_url("**/login")
    page.click("text=回到表单")
    eventually(page, "document.querySelector('#topic').value", "没有发出")
    axe(page)
    page.click(".draft-note >> text=丢弃")
    assert (page.input_value("#topic"), page.evaluate(KEPT)) == ("", [])


def test_a_form_without_a_draft_is_offered_again_after_the_login_to_its_writer_alone(site, open_page):
    stored = "sessionStorage.getItem('portal-sent')"
    window = open_page(site)
    page = window.page
    for writer in ("one", "two"):
        window.goto("/form")
        site.app.answers["form"] = "login"
        page.fill("#note", "没有发出的便条")
        page.press("#note", "Enter")
        page.wait_for_url("**/login")
        site.app.answers["account"] = writer
        page.click("text=回到表单")
        page.wait_for_url("**/form")
        assert page.evaluate(stored) is None
        kept = page.evaluate(KEPT)
        assert (page.input_value("#note"), kept) == (
            ("没有发出的便条", ["portal:one:sent:/plain"]) if writer == "one" else ("", [])
        )
        if writer == "one":
            site.app.answers["form"] = "check"
            page.press("#note", "Enter")
            page.wait_for_url("**/ok")
            assert page.evaluate(KEPT) == []
    assert [row["note"] for row in site.app.got] == ["没有发出的便条"] * 3


def test_a_draft_meets_no_conflict_where_only_another_part_of_the_record_changed(site, open_page):
    window = open_page(site)
    page = window.page
    for version, theirs, conflicts in ((2, "", 0), (3, "对方的议题", 1)):
        window.goto("/form")
        page.fill("#topic", "")  # the draft of the round before is the reader's own to go on with
        page.fill("#topic", "我的议题")
        eventually(page, KEPT, ["portal:one:meeting"])
        window.goto("/ok")
        site.app.answers |= {"version": version, "topic": theirs}
        window.goto("/form")
        assert page.locator(".conflict").count() == conflicts
        if not conflicts:
            assert page.input_value("#topic") == "我的议题"
            assert page.input_value("[name=version]") == str(version)


def test_words_written_without_a_connection_go_out_once(site, open_page):
    window = open_page(site, phone=True)
    page = window.page
    window.goto("/form")
    with window.watch.offline():
        for words in ("后排也开口了", "前排跟着打拍子"):
            page.fill("#line", words)
            page.click("#jot")
            page.wait_for_selector(f"section[data-unsent] >> text={words}")
            assert page.input_value("#line") == ""
        axe(page)
    eventually(page, KEPT, [])
    assert sorted((row["text"], len(row["client_key"])) for row in site.app.got) == [
        ("前排跟着打拍子", 32),
        ("后排也开口了", 32),
    ]
    assert len({row["client_key"] for row in site.app.got}) == 2


def test_autosave_saves_shows_a_conflict_and_waits_for_the_line(site, open_page):
    window = open_page(site)
    page = window.page
    window.goto("/form?autosave=1")
    page.type("#topic", "议题")
    page.wait_for_selector("#saved >> text=已保存 14:32")
    assert [(row["topic"], row["version"], row["token"]) for row in site.app.got] == [("议题", "1", "token")]
    site.app.answers["autosave"] = "conflict"
    with window.watch.expecting(409):
        page.type("#topic", "二")
        page.wait_for_selector(".conflict")
    assert page.locator(".conflict pre").all_inner_texts() == ["议题二", "对方的议题"]
    axe(page)
    page.click("text=用对方的")
    page.wait_for_selector("#saved >> text=已保存 14:32")
    assert (site.app.got[-1]["topic"], site.app.got[-1]["version"]) == ("对方的议题", "9")
    with window.watch.offline():
        page.type("#topic", "三")
        page.wait_for_selector("#saved >> text=没有网络")
    page.wait_for_selector("#saved >> text=已保存 14:32")
    assert site.app.got[-1]["topic"] == "对方的议题三"
    site.app.answers["autosave"] = "login"
    with window.watch.expecting(401):
        page.type("#topic", "四")
        page.wait_for_selector(".login-again >> text=去登录")
    assert page.evaluate(KEPT) == ["portal:one:meeting"]


def test_logout_asks_before_unsent_words_are_erased(site, open_page):
    window = open_page(site)
    page = window.page
    window.goto("/form")
    page.fill("#topic", "还没发出")
    eventually(page, KEPT, ["portal:one:meeting"])
    answers = ["dismiss", "accept"]
    page.on("dialog", lambda dialog: getattr(dialog, answers.pop(0))())
    page.click(".app-me summary")
    page.click("text=退出登录")
    assert page.evaluate(KEPT) == ["portal:one:meeting"]
    page.click("text=退出登录")
    page.wait_for_url("**/login")
    assert (page.evaluate(KEPT), answers) == ([], [])


@pytest.mark.promise(23)
def test_a_tab_left_open_keeps_nothing_after_logout_in_another(site, open_page):
    window = open_page(site)
    page = window.page
    window.goto("/form")
    other = page.context.new_page()
    other.goto(site.url + "/form")
    page.click(".app-me summary")
    page.click("text=退出登录")
    page.wait_for_url("**/login")
    other.fill("#topic", "在另一个标签页里写")
    with other.expect_navigation():  # the page that is no longer anybody's goes by itself
        other.wait_for_timeout(700)  # longer than a draft waits before it is kept
        assert other.evaluate(KEPT) == []
    assert (other.input_value("#topic"), other.evaluate(KEPT)) == ("", [])


def test_leaving_asks_only_for_words_that_would_be_lost(site, open_page):
    window = open_page(site)
    page = window.page
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    window.goto("/form")
    page.fill("#topic", "留在浏览器里")
    page.goto(site.url + "/ok")
    assert asked == []
    page.goto(site.url + "/form")
    page.fill("#note", "哪里也没有留")
    page.goto(site.url + "/ok")
    assert asked == ["beforeunload"]


def test_person_is_found_by_keyboard(site, open_page):
    window = open_page(site)
    page = window.page
    window.goto("/form")
    page.type("#host", "zly")
    page.wait_for_selector("[role=option]")
    axe(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert (page.input_value("#host"), page.input_value("[name=host-id]")) == ("曾令仪（麟峰小学）", "7")
    page.type("#host", "x")
    assert page.input_value("[name=host-id]") == ""


def test_dialog_holds_the_focus_and_gives_it_back(site, open_page):
    window = open_page(site)
    page = window.page
    window.goto("/form")
    page.focus("[data-dialog]")
    page.keyboard.press("Enter")
    seen = [page.evaluate("document.activeElement.id")]
    axe(page)
    for key in ("Tab", "Tab"):
        page.keyboard.press(key)
        seen.append(page.evaluate("document.activeElement.id || document.activeElement.textContent"))
    page.keyboard.press("Escape")
    seen.append(page.evaluate("document.activeElement.textContent"))
    assert seen == ["why", "取消", "why", "不同意"]


def test_form_works_without_script(site, open_page):
    window = open_page(site, scripts=False)
    page = window.page
    window.goto("/form?fragment=1")
    page.fill("#topic", "月例会")
    page.check("#see-0")
    page.fill("#host", "曾令仪（麟峰小学）")
    page.click(SAVE)
    page.wait_for_url("**/ok")
    assert (site.app.got[0]["host"], site.app.got[0]["host-id"]) == ("曾令仪（麟峰小学）", "")
