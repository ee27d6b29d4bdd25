"""Words in templates: the reader's language, values escaped, the language found anew for every request."""

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask, render_template_string, request
from flask_babel import Babel
from flask_babel import gettext as python_gettext
from markupsafe import Markup

from portal import chinese_pages, translation
from portal.domain.words import message

PAGE = (
    "{{ _('会议') }}|{{ _('%(name)s的会议', name=name) }}|{{ ngettext('%(num)s 所学校', '%(num)s 所学校', 2) }}"
    "|{% trans %}保存{% endtrans %}|{{ _('未翻译') }}|{{ _('%%以上') }}"
)


@pytest.fixture
def site(tmp_path):
    """A small application with an English catalogue of its own; ?language= says who reads."""
    catalogue = Catalog(locale="en")
    catalogue.add("会议", "Meetings")
    catalogue.add("%(name)s的会议", "Meetings of %(name)s")
    catalogue.add(("%(num)s 所学校", "%(num)s 所学校"), ("%(num)s school", "%(num)s schools"))
    catalogue.add("保存", "Save")
    catalogue.add(("%(count)s 节", "%(count)s 节"), ("%(count)s lesson", "%(count)s lessons"))
    catalogue.add("走教 %(count)s 节", "Visiting: %(count)s")
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    app = Flask("words")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(tmp_path)
    babel = Babel()
    babel.domain_instance = translation.CountedDomain()
    babel.init_app(app, default_locale="zh", locale_selector=lambda: request.args.get("language", "zh"))
    translation.register(app)

    @app.get("/")
    def page():
        return render_template_string(PAGE, name="<b>麟峰</b>")

    @app.get("/change")
    def change():
        before = render_template_string("{{ _('会议') }}")
        request.args = {"language": "en"}
        translation.forget_catalogue()
        from flask_babel import refresh

        refresh()
        return before + render_template_string("{{ _('会议') }}")

    @app.get("/counted")
    def counted():
        in_page = "{{ _('%(count)s 节', count=one) }}|{{ _('%(count)s 节', count=2) }}"
        in_page += "|{{ _('走教 %(count)s 节', count=one) }}"
        lessons = [message("%(count)s 节", count=number).text(python_gettext) for number in (1, 3)]
        return "|".join((render_template_string(in_page, one="1"), *lessons))

    return app.test_client()


CHINESE = "会议|&lt;b&gt;麟峰&lt;/b&gt;的会议|2 所学校|保存|未翻译|%以上"
ENGLISH = "Meetings|Meetings of &lt;b&gt;麟峰&lt;/b&gt;|2 schools|Save|未翻译|%以上"


def test_words_follow_the_reader_of_each_request(site):
    pages = [site.get("/", query_string={"language": language}).text for language in ("zh", "en", "zh", "en")]
    assert pages == [CHINESE, ENGLISH, CHINESE, ENGLISH]


def test_language_changed_within_a_request_counts_at_once(site):
    assert site.get("/change").text == "会议Meetings"


def test_a_count_chooses_between_the_two_forms_of_english(site):
    assert site.get("/counted?language=en").text == "1 lesson|2 lessons|Visiting: 1|1 lesson|3 lessons"
    assert site.get("/counted").text == "1 节|2 节|走教 1 节|1 节|3 节"


def test_templates_for_chinese_hold_their_words_and_leave_out_nothing_else(tmp_path):
    app = Flask("words")
    app.config["TEMPLATES_COMPILED"] = tmp_path
    asked = []

    def look_up(message, **values):
        asked.append(message)
        return Markup(message) % values

    app.jinja_env.globals["_"] = look_up
    app.jinja_env.globals["ui"] = app.jinja_env.from_string(
        "{% macro box(word, tone='') %}<i class='{{ tone }}'>{{ word }}{% if caller %}{{ caller() }}{% endif %}</i>"
        "{% endmacro %}"
    ).module
    page = chinese_pages.environment(app).from_string(
        "{{ ui.box('<甲>', tone='done') }}"
        "{% for word in ['乙'] %}{% call ui.box(word) %}<u>{{ _(word) }}</u>{% endcall %}{% endfor %}"
        "|{{ _('会议<b>') }}|{{ _('%(name)s的会议', name=name) }}|{{ _('%%以上') }}|{{ _(word) }}|{{ _('甲') ~ name }}"
    )
    assert page.render(name="<i>", word="保存") == (
        "<i class='done'>&lt;甲&gt;</i><i class=''>乙<u>乙</u></i>|会议<b>|&lt;i&gt;的会议|%以上|保存|甲&lt;i&gt;"
    )
    assert asked == ["乙", "%(name)s的会议", "%%以上", "保存"]
