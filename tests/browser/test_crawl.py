"""Every kind of page that each role can reach: valid, silent, accessible at both widths, in both languages.

A role walks the portal without a browser first: a few addresses of each route, every link and form on them (see
`tests.support.crawl`). Then the browser opens the first page of each route, and every page with a part that no page
of its blueprint had before, whoever reads it; axe looks at each at both widths. A failure lists everything that was
found for the role.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from portal.domain.ids import uuid7
from portal.extensions import db
from tests.support.browser import DESK, PHONE, axe_findings, leave_out_alike, sideways_scroll
from tests.support.client import CheckedClient
from tests.support.crawl import PageSeen, Walk
from tests.support.html import page_findings
from tests.support.own_words import RecordTexts
from tests.support.server import LiveServer

# The moment of the walk: a Wednesday in the twelfth week of a term.
NOW = datetime(2025, 11, 19, 6, 10, tzinfo=UTC)
PASSWORD = "demo-password-1"
ROSTER = Path(__file__).parents[1] / "fixtures" / "rosters" / "roster-messy.xlsx"
SCHEMES = Path(__file__).parents[2] / "portal" / "schemes"
# Role -> how many routes with pages it reaches at least; fewer means that the walk got stuck.
ROLES = {"bureau": 60, "lead": 60, "principal": 50, "office": 50, "teacher": 30, "mentor": 30, "liaison": 25}


class Examined:
    """Which routes were looked at, and which parts of their blueprints' pages. Roles share the templates."""

    def __init__(self):
        self.routes: set[str] = set()
        self.parts: dict[str, set] = defaultdict(set)

    def has_news(self, page: PageSeen) -> bool:
        """Whether the route was never looked at, or the page has a part that is new in its blueprint."""
        return page.endpoint not in self.routes or bool(page.parts - self.parts[_blueprint(page)])

    def add(self, page: PageSeen) -> None:
        self.routes.add(page.endpoint)
        self.parts[_blueprint(page)] |= page.parts


def _blueprint(page: PageSeen) -> str:
    return page.endpoint.split(".")[0]


@dataclass(frozen=True)
class District:
    """The district to walk through and what was seen of it; one for all roles of a run."""

    server: LiveServer
    texts: RecordTexts
    # People whose pages have what others lack: a role to end, an account to disable.
    starts: tuple[str, ...]
    examined: "Examined" = field(default_factory=lambda: Examined())
    examined_in_english: "Examined" = field(default_factory=lambda: Examined())
    walks: dict[str, Walk] = field(default_factory=dict)

    def walk(self, role: str) -> Walk:
        """The role's way through the portal in Chinese, gone once."""
        if role not in self.walks:
            walk = self.walks[role] = Walk(self.server.app, client_of(self, role, "zh-CN"))
            walk.everything("/", *(self.starts if role in ("bureau", "lead") else ()))
        return self.walks[role]


def load_district(app) -> None:
    """The demonstration district, and what nobody in it has begun yet: a draft, a roster, a proposal."""
    from portal.demo import load
    from portal.models import Reflection, RosterImport, SchoolPairing
    from portal.queries import people

    app.config["CLOCK"] = lambda: NOW
    scene = load(today=date(2025, 11, 19), password=PASSWORD)
    cluster = next(each for each in scene.clusters if each.row.name == "麟峰小学片区")
    teacher, lead = (people.account_by_username(name).person for name in ("teacher", "lead"))
    district = {"district_id": scene.district.id}
    draft = Reflection(
        **district,
        id=uuid7(),
        person_id=teacher.id,
        school_id=cluster.lead.id,
        cluster_id=cluster.row.id,
        title="写到一半的日志",
        happened_on=date(2025, 11, 18),
    )
    roster = RosterImport(
        **district,
        id=uuid7(),
        person_id=lead.id,
        cluster_id=cluster.row.id,
        filename="片区名册.xlsx",
        size=ROSTER.stat().st_size,
        sha256="0" * 64,
        content=ROSTER.read_bytes(),
        created_at=NOW,
    )
    paired = db.session.scalars(
        db.select(SchoolPairing.beneficiary_id).where(SchoolPairing.cluster_id == cluster.row.id)
    ).all()
    proposal = SchoolPairing(
        **district,
        id=uuid7(),
        cluster_id=cluster.row.id,
        donor_id=cluster.lead.id,
        beneficiary_id=next((s.id for s in cluster.schools[1:] if s.id not in paired), cluster.schools[1].id),
        starts_on=date(2025, 12, 1),
        ends_on=date(2026, 7, 5),
        goals="提出来还没有答复的结对",
        state="proposed",
        donor_agreed_by_id=lead.id,
        created_by_id=lead.id,
    )
    db.session.add_all([draft, roster, proposal])
    db.session.commit()


@pytest.fixture(scope="module")
def district(loaded_databases, tmp_path_factory):
    """The district behind a server; the walks only read, so that all roles share it."""
    from portal.queries import people
    from tests.browser.conftest import close_database, copy_database, make_app
    from tests.support.server import serve

    instance = tmp_path_factory.mktemp("crawl")
    copy_database(loaded_databases(load_district), instance / "portal.sqlite3")
    app = make_app(instance)
    app.config["CLOCK"] = lambda: NOW
    app.test_client_class = CheckedClient
    with serve(app) as server, app.app_context():
        texts = RecordTexts(db.session, db.metadata, *texts_of_files())
        named = [people.account_by_username(name).person_id for name in ("principal", "teacher")]
        db.session.rollback()
        yield District(server, texts, tuple(f"/admin/people/{key}" for key in named))
    close_database(app)


def texts_of_files():
    """What pages show of the uploaded roster and of the policies that the schemes come from."""
    book = openpyxl.load_workbook(ROSTER, read_only=True)
    for sheet in book:
        yield sheet.title
        yield from (str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell)
    book.close()
    for path in sorted(SCHEMES.rglob("*.json")):
        yield path.read_text(encoding="utf-8")


def client_of(district: District, role: str | None, language: str) -> CheckedClient:
    """A client without a browser, whose pages the walk checks itself."""
    client = district.server.app.test_client()
    client.checks_pages = False
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    return client.log_in(role) if role else client


def with_news(pages: list[PageSeen], examined: Examined) -> list[PageSeen]:
    """The pages that have something which was not looked at yet."""
    chosen = []
    for page in pages:
        if examined.has_news(page):
            chosen.append(page)
            examined.add(page)
    return chosen


def look(window, page: PageSeen, sizes, *, with_axe: bool) -> list[str]:
    """Open the page in the browser; what it, the policy, the network, the width or axe report."""
    window.page.set_viewport_size(sizes[0])
    response = window.page.goto(window.server.url + page.path)
    found = [] if response.ok else [f"status {response.status}"]
    for size in sizes:
        window.page.set_viewport_size(size)
        if scroll := sideways_scroll(window.page):
            found.append(f"at {size['width']}: the page is {scroll} px wider than the window")
    if with_axe:
        leave_out_alike(window.page)
        for size in reversed(sizes):  # from the width that the window has
            window.page.set_viewport_size(size)
            found += [f"at {size['width']}: {each}" for each in axe_findings(window.page)]
    found += window.watch.findings
    window.watch.findings.clear()
    return [f"{page.path} {each}" for each in found]


def english_findings(district: District, role: str, pages: list[PageSeen]) -> list[str]:
    """What is wrong with these pages in English: Chinese words of their own, or broken rules."""
    client, found = client_of(district, role, "en"), []
    for page in pages:
        walk = Walk(district.server.app, client, judge=district.texts.chinese_page_words)
        walk.read(page.path)
        found += [f"in English: {each}" for each in walk.findings]
    return found


@pytest.mark.slow
@pytest.mark.promise(21)
@pytest.mark.parametrize("role", ROLES)
def test_every_kind_of_page_of_a_role(district, open_page, role):
    walk = district.walk(role)
    found = [*walk.findings]
    window = open_page(district.server)
    window.log_in(role, PASSWORD)
    for page in with_news(walk.pages, district.examined):
        found += look(window, page, (DESK, PHONE), with_axe=True)
    assert found == [], f"{role}:\n  " + "\n  ".join(dict.fromkeys(found))
    assert len({page.endpoint for page in walk.pages}) >= ROLES[role]


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_every_kind_of_page_in_english(district, open_page, role):
    pages = with_news(district.walk(role).pages, district.examined_in_english)
    found = english_findings(district, role, pages)
    window = open_page(district.server, locale="en-GB")
    window.log_in(role, PASSWORD)
    for page in pages:
        # English words are longer: the narrow width is where they do not fit. What axe looks at is in both the same.
        found += [f"in English: {each}" for each in look(window, page, (PHONE,), with_axe=False)]
    assert found == [], f"{role}:\n  " + "\n  ".join(dict.fromkeys(found))


def test_pages_without_a_login_and_refusals(district, open_page):
    """The public pages, and what an address that is unknown or not allowed answers."""
    window = open_page(district.server)
    found = []
    for path in ("/login", "/notices/"):
        found += look(window, PageSeen(path, path, frozenset()), (DESK, PHONE), with_axe=True)
    window.log_in("teacher", PASSWORD)
    for path, status in (("/nowhere", 404), ("/admin/terms/new", 403)):
        with window.watch.expecting(status):
            response = window.page.goto(district.server.url + path)
            assert response.status == status
            found += [f"{path}: {each}" for each in page_findings(response.text())]
            for size in (DESK, PHONE):
                window.page.set_viewport_size(size)
                found += [f"{path} at {size['width']}: {each}" for each in axe_findings(window.page)]
    assert found == []
