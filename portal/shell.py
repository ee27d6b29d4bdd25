"""The frame around every page: where you are, who you are, the seven places."""

from dataclasses import dataclass, field
from functools import lru_cache

from flask import g, request, url_for
from flask_login import current_user

from portal import formats, labels
from portal.auth import actor, can, today
from portal.domain import calendar
from portal.domain.words import N_
from portal.queries import frame, terms
from portal.translation import chinese
from portal.translation import gettext as _

# The seven places: label, short label, icon, endpoint, blueprints or paths that belong to it, on the phone bar.
PLACES = (
    (N_("待办"), N_("待办"), "home", "home.index", ("/", "/account"), True),
    (
        N_("片区"),
        N_("片区"),
        "cluster",
        "clusters.index",
        ("/clusters", "/plans", "/resources", "/ledgers", "/supervision", "/instructions"),
        True,
    ),
    (N_("结对与师徒"), N_("结对"), "pair", "pairing.index", ("/pairing",), False),
    (N_("交流轮岗"), N_("交流"), "swap", "exchange.index", ("/exchange",), False),
    (N_("支教走教"), N_("课表"), "calendar", "visiting.index", ("/visiting", "/calendar"), True),
    (N_("反思日志"), N_("反思"), "pen", "reflections.index", ("/reflections", "/records"), False),
    (N_("学期总结"), N_("总结"), "doc", "summaries.index", ("/summaries",), False),
)


@dataclass(frozen=True)
class Place:
    """One entry of the navigation."""

    label: str
    short: str
    url: str
    icon: str
    current: bool
    count: int | None
    on_phone: bool


@dataclass(frozen=True)
class Shell:
    """What ``base.html`` shows around a page; texts are translated."""

    product: str
    scope_name: str
    scope_line: str
    person_name: str
    person_role: str
    person_initial: str
    nav: tuple[Place, ...]
    jot_url: str
    search_url: str | None
    notices_url: str
    unread: int
    account_url: str
    logout_url: str
    locale: str
    other_locale: str
    other_locale_label: str
    locale_url: str
    account_key: str
    scope_options: list = field(default_factory=list)
    footer_links: tuple = ()


def shell() -> Shell | None:
    """The frame for this request, made once; None without a login."""
    if not current_user.is_authenticated:
        return None
    if "shell" not in g:
        g.shell = _build()
    return g.shell


def _build() -> Shell:
    who = actor()
    term = terms.current_term(who.district_id, today())
    in_chinese = chinese()
    at = _addresses(request.script_root)
    links = [(_("账号与密码"), at["account.index"])]
    if who.works_at:
        links.append((_("意见箱"), at["opinions.index"]))
    if can("person.list"):
        links.append((_("人员与账号"), at["admin.people"]))
    if can("district.manage"):
        links.append((_("校历与设置"), at["admin.index"]))
    else:
        links.append((_("校历"), at["admin.term_list"]))
    return Shell(
        product=_("片区协同平台"),
        scope_name=frame.own_cluster_name(who) or frame.district_name(who.district_id),
        scope_line=_scope_line(term),
        person_name=who.name,
        person_role=_role_word(who),
        person_initial=who.name[:1],
        nav=_places(in_chinese, request.script_root, _place_of(request.path), g.get("todo_count")),
        jot_url=at["records.jot"],
        search_url=at["search.index"],
        notices_url=at["home.notices"],
        unread=frame.unread_count(who),
        account_url=at["account.index"],
        logout_url=at["account.log_out"],
        locale="zh" if in_chinese else "en",
        other_locale="en" if in_chinese else "zh",
        other_locale_label="English" if in_chinese else "中文",
        locale_url=at["account.set_language"],
        account_key=str(who.account_id),
        footer_links=tuple(links),
    )


@lru_cache(16)
def _addresses(_script_root: str) -> dict[str, str]:
    """The addresses of the frame: the same on every page of an installation."""
    endpoints = (
        "account.index",
        "account.log_out",
        "account.set_language",
        "admin.people",
        "admin.index",
        "admin.term_list",
        "home.notices",
        "opinions.index",
        "records.jot",
        "search.index",
        *(endpoint for _label, _short, _icon, endpoint, _paths, _on_phone in PLACES),
    )
    return {endpoint: url_for(endpoint) for endpoint in endpoints}


def _place_of(path: str) -> str | None:
    """The endpoint of the place that an address belongs to."""
    for _label, _short, _icon, endpoint, paths, _on_phone in PLACES:
        if any(path == p if p == "/" else path.startswith(p) for p in paths):
            return endpoint
    return None


@lru_cache(256)
def _places(_in_chinese: bool, script_root: str, current: str | None, todos: int | None) -> tuple[Place, ...]:
    """The navigation of a page; the language is the request's own and stands here to tell the two apart."""
    return tuple(
        Place(
            label=_(label),
            short=_(short),
            url=_addresses(script_root)[endpoint],
            icon=icon,
            current=endpoint == current,
            count=todos if endpoint == "home.index" else None,
            on_phone=on_phone,
        )
        for label, short, icon, endpoint, _paths, on_phone in PLACES
    )


def _scope_line(term) -> str:
    day = today()
    if term is None:
        return formats.day_weekday(day)
    number = calendar.week_number(term.value, day)
    if number is None:
        return formats.day_weekday(day)
    parity = _("单周") if number % 2 else _("双周")
    return _("第%(number)s周（%(parity)s）", number=number, parity=parity) + " · " + formats.day_weekday(day)


def _role_word(who) -> str:
    """The one word for what this person is here, the highest first."""
    if who.offices:
        return _(labels.OFFICE[sorted(who.offices)[0]])
    for held, role in (
        (who.leads, "lead"),
        (who.assigned_to, "assigned_leader"),
        (who.liaison_of, "liaison"),
        (who.principal_of, "principal"),
        (who.office_of, "office"),
    ):
        if held:
            return _(labels.ROLE[role])
    return _(labels.ROLE["teacher"])


@dataclass(frozen=True)
class PublicShell:
    """What ``public.html`` shows around a page without a login."""

    product: str
    home_url: str
    locale: str
    other_locale_label: str
    locale_url: str
    login_url: str | None = None
    notices_url: str | None = None
    footer_links: list = field(default_factory=list)


def public_shell() -> PublicShell:
    """The frame for a page that anybody may see."""
    in_chinese = chinese()
    return PublicShell(
        product=_("片区协同平台"),
        home_url=url_for("home.index"),
        locale="zh" if in_chinese else "en",
        other_locale_label="English" if in_chinese else "中文",
        locale_url=url_for("account.set_language"),
        login_url=None
        if request.endpoint in ("account.login", "account.log_in")
        else url_for("account.login"),
    )
