"""The macros, rendered by themselves: accessible markup, escaped words, no page needed around them."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from jinja2 import StrictUndefined
from wtforms import (
    BooleanField,
    DateField,
    Form,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Optional

from tests.support.html import page_findings

ROOT = Path(__file__).resolve().parents[2] / "portal"
MACROS = sorted((ROOT / "templates/macros").glob("*.html"))
ICONS = set(re.findall(r'id="i-([\w-]+)"', (ROOT / "static/img/icons.svg").read_text("utf-8")))


TWO = [SelectChoice("me", "我"), SelectChoice("all", "全部")]


class Sample(Form):
    topic = StringField("议题", [InputRequired("请填写议题")])
    minutes = TextAreaField("纪要", [Optional()], description="写议定了什么")
    held_on = DateField("日期", [Optional()])
    people = IntegerField("人数", [Optional()])
    school = SelectField("学校", choices=[SelectChoice("a", "甲"), SelectChoice("b", "乙")])
    see = RadioField("谁能看到", choices=TWO, validators=[InputRequired("请选择谁能看到")])
    present = SelectMultipleField("到会", choices=[SelectChoice("x", "甲"), SelectChoice("y", "乙")])
    counted = BooleanField("计入比例")
    mentor = StringField("导师", [Optional()])


@pytest.fixture(scope="module")
def app():
    """The templates alone, with plain stand-ins for the globals of the portal."""
    app = Flask("macros", template_folder=str(ROOT / "templates"))
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.globals.update(
        _=lambda words, **values: words % values if values else words,
        static_url=lambda name: f"/static/{name}?v=1",
        page_lang=lambda: "zh-CN",
        csrf_token=lambda: "token",
        sent_key=lambda: "key",
        can=lambda *names: True,
    )
    env.globals["icon"] = env.get_template("macros/icon.html").module.icon
    # Macros of single features may use filters of the portal that play no part here.
    env.filters.update({name: str for name in filters_used() if name not in env.filters})
    ui = SimpleNamespace()
    for path in MACROS:
        module = env.get_template(f"macros/{path.name}").module
        vars(ui).update({name: value for name, value in vars(module).items() if not name.startswith("_")})
    env.globals["ui"] = ui
    return app


def filters_used():
    text = "".join(path.read_text("utf-8") for path in MACROS)
    return set(re.findall(r"\|\s*(\w+)", text))


@pytest.fixture
def draw(app):
    """Render a line of template; the result has to keep the rules for fragments."""

    def render(source, **data):
        with app.test_request_context("/x"):
            text = app.jinja_env.from_string(source).render(**data)
        assert page_findings(text) == ()
        return text

    return render


def squeezed(text):
    """The text without the space between tags, to compare whole results."""
    return re.sub(r">\s+", ">", re.sub(r"\s+<", "<", " ".join(text.split())))


def drawn_icon(name):
    use = f'<use href="/static/img/icons.svg?v=1#i-{name}"/>'
    return f'<svg class="icon" aria-hidden="true">{use}</svg>'


def test_icon_points_into_the_sprite(draw):
    assert draw('{{ ui.icon("check") }}') == drawn_icon("check")


def test_icons_named_in_templates_are_in_the_sprite():
    named = set()
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text("utf-8")
        named |= set(re.findall(r'icon\("([\w-]+)"', text)) | set(re.findall(r'mark="([\w-]+)"', text))
    assert named - ICONS == set()


def test_templates_stay_valid_html_without_inline_parts():
    found = []
    for path in (ROOT / "templates").rglob("*.html"):
        if "documents" not in path.parts:
            text = path.read_text("utf-8")
            found += [
                (path.name, part)
                for part in re.findall(r"\s(?:hx-\w+|style|on[a-z]+)=\"|<style|<script>", text)
            ]
    assert found == []


def test_tag_says_its_state_in_words_and_icon(draw):
    assert (
        draw('{{ ui.tag("wait", "撰写中") }}')
        == f'<span class="tag tag-wait">{drawn_icon("clock")}撰写中</span>'
    )
    assert draw('{{ ui.tag("wait", "调休", mark=false) }}') == '<span class="tag tag-wait">调休</span>'


def test_macros_escape_words_from_people(draw):
    evil = '<img src=x onerror="alert(1)">"'
    text = draw(
        '{{ ui.head(w, sub=w) }}{{ ui.note(w) }}{{ ui.tag("bad", w) }}{{ ui.who(w) }}{{ ui.say(w) }}'
        "{{ ui.facts([(w, w)]) }}{{ ui.comment(w, w, w) }}"
        '{{ ui.person_options([{"id": "1", "label": w, "detail": w}]) }}'
        '{% call ui.panel(w) %}{{ w }}{% endcall %}{{ ui.timeline([{"state": "done", "title": w, "said": w}]) }}',
        w=evil,
    )
    assert "<img" not in text
    assert 'onerror="' not in text


def test_form_carries_token_and_targets_without_script_too(draw):
    text = squeezed(
        draw('{% call ui.form("/save", target="box", draft="d", version=3) %}<p>x</p>{% endcall %}')
    )
    assert text == (
        '<form method="post" action="/save" novalidate data-hx-post="/save" data-hx-target="#box"'
        ' data-hx-swap="outerHTML" data-draft="d" data-guard><input type="hidden" name="csrf_token" value="token">'
        '<input type="hidden" name="version" value="3"><p>x</p></form>'
    )


def test_failed_form_links_each_error_to_its_field(draw):
    form = Sample(school="a")
    assert not form.validate()
    text = draw(
        '{% call ui.form("/save", form=form) %}{{ ui.field(form.topic) }}{{ ui.choice(form.see) }}{% endcall %}',
        form=form,
    )
    assert re.findall(r'<li><a href="#(\w+)">([^<]+)</a></li>', text) == [
        ("topic", "请填写议题"),
        ("see", "请选择谁能看到"),
    ]
    assert "有 2 处需要修改" in text
    assert 'aria-describedby="topic-error" aria-invalid="true"' in text
    assert re.search(
        r'<fieldset class="field  field-error" id="see" tabindex="-1" aria-describedby="see-error">', text
    )


@pytest.mark.parametrize("name", list(Sample()._fields))
def test_field_has_label_and_unique_ids(draw, name):
    text = draw("<div>{{ ui.field(field, hint='提示', limit=100) }}</div>", field=Sample()[name])
    assert "提示" in text


def test_person_field_works_as_plain_text(draw):
    text = draw(
        '<div>{{ ui.person_field(form.mentor, "/people") }}</div>',
        form=Sample(data={"mentor": "曾令仪（麟峰小学）"}),
    )
    assert re.findall(r'<input[^>]* name="([\w-]+)" value="([^"]*)"', text) == [
        ("mentor", "曾令仪（麟峰小学）"),
        ("mentor-id", ""),
    ]


def test_quota_draws_a_block_a_person(draw):
    text = draw('{{ ui.quota("麟峰小学", 3, 5) }}')
    assert re.findall(r'<rect class="(\w+)"', text) == ["fill", "fill", "fill", "lack", "lack"]
    assert 'aria-label="麟峰小学：应完成 5 人，已交流 3 人"' in text


def test_bar_without_a_goal_prints_a_dash(draw):
    text = draw('{{ ui.bar("读书", 0, 0, "本") }}')
    assert "0 / — 本" in text
    assert 'width="0"' in text


def test_pages_offer_only_what_exists(draw):
    assert squeezed(draw('{{ ui.pages(none, "/x?after=1", "第 1 页") }}')) == (
        '<nav class="pages no-print" aria-label="分页"><span>第 1 页</span><span class="inline">'
        '<button class="btn btn-plain btn-small" type="button" disabled>上一页</button>'
        '<a class="btn btn-plain btn-small" href="/x?after=1" rel="next">下一页</a></span></nav>'
    )
    assert draw("{{ ui.pages() }}").strip() == ""


def test_progress_asks_again_only_while_it_runs(draw):
    running = draw('{{ ui.progress("job", "running", "第 3 / 4 页", 3, 4, url="/jobs/1") }}')
    done = draw('{{ ui.progress("job", "done", "已生成", url="/jobs/1", result=("下载", "/f.pdf")) }}')
    assert 'data-hx-get="/jobs/1" data-hx-trigger="every 2s"' in running
    assert "hx-get" not in done
    assert 'href="/f.pdf"' in done


def test_table_names_its_region_and_columns(draw):
    text = draw(
        '{% call ui.table("名单", ["教师", ("年限", "end")]) %}<tr><th scope="row">甲</th><td>1</td></tr>{% endcall %}'
    )
    assert 'role="region" aria-label="名单（表格）"' in text
    assert re.findall(r"<th scope=\"col\"[^>]*>([^<]+)", text) == ["教师", "年限"]
