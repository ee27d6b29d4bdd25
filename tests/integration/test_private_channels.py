"""Private words of pairs, logs and secondments, each written through its own form: in none of the channels by which
the portal brings words to people do they reach somebody else. Search, home, feeds, lists, counts, workbooks, notices,
calendars; test_isolation.py walks the pages themselves and the PDF of summaries, test_log_reports.py the portfolio.
"""

import re
from datetime import date

import pytest
import sqlalchemy as sa

from portal.extensions import db
from portal.models import Notification
from tests.support.canaries import text_of
from tests.support.logs import make_pair, share
from tests.support.secondments import open_programme, send

OFFICES_AND_SCHOOLS = {"bureau", "personnel", "lead", "principal", "office", "teacher"}
# Word -> who may read it. The teacher of 麟峰小学 is on secondment at 拱辰中心小学.
WORDS = {
    "青石桥畔的谈话": {"mentor", "teacher"},
    "半程的得失": {"mentor", "teacher"},
    "想换个搭档": {"teacher", "lead"},
    "夜里写的独白": {"teacher"},
    "只给师傅看的困惑": {"teacher", "mentor"},
    "师傅的备忘簿": {"mentor"},
    "膝盖要复诊": {"teacher", "principal"},
    "鉴定里的评语": OFFICES_AND_SCHOOLS,
    "电话里的近况": OFFICES_AND_SCHOOLS,
}
# Everybody of the cluster, and one each of another cluster and of another district.
ROLES = (
    "bureau personnel lead principal office teacher mentee mentor colleague nanjiao_principal liaison"
    " equal_teacher west_teacher"
).split()
TALK, REVIEW, FIT, OWN, SHARED, NOTE, LEAVE, APPRAISAL, CONTACT = WORDS
CHANNELS = (
    *("/", "/messages/", "/reflections/", "/reflections/?tab=mentees", "/reflections/writers", "/records/"),
    *(
        "/reflections/reports/new",
        "/reflections/reports/new?form=portfolio",
        "/pairing/",
        "/exchange/secondments/",
    ),
    *(
        "/reflections/writers.xlsx",
        "/records/ledger.xlsx",
        "/pairing/mentoring.xlsx",
        "/exchange/secondments/list.xlsx",
    ),
)


@pytest.fixture
def written(as_, world):
    """Every word through its form."""
    pair, case = make_pair(world), send(as_, world, open_programme(as_))
    pairing, study = f"/pairing/mentoring/{pair.id}", f"/exchange/secondments/{case.id}"
    share(as_("teacher"), "own", title=OWN, experience=OWN)
    log = share(as_("teacher"), "mentor", title=SHARED, problem=SHARED, once_key="2" * 32)
    talk = {"kind": "talk", "line": TALK, "happened_on": "2025-11-18", "once_key": "3" * 32}
    review = {"reached": "partly", "progress": REVIEW, "further": REVIEW}
    leave = {"first_day": "2025-11-20", "last_day": "2025-11-20", "reason": LEAVE}
    for who, address, data in (
        ("mentor", f"{pairing}/records", talk),
        ("mentor", f"{pairing}/review?kind=midterm", review),
        ("teacher", f"{pairing}/fit", {"answer": "talk", "text": FIT}),
        ("mentor", f"/reflections/{log.id}/note", {"note": NOTE}),
        ("teacher", f"{study}/leave", leave),
        ("personnel", f"{study}/contacts", {"held_on": "2025-11-18", "way": "phone", "note": CONTACT}),
        ("principal", f"{study}/evaluate?way=host", {"text": APPRAISAL}),
    ):
        if who == "principal":
            case.state, case.report, case.report_on = "finished", "总结", date(2025, 11, 19)
            db.session.commit()
        answer = as_(who).post(address, data=data)
        assert answer.status_code == 303, (address, answer.text)
    return pair


@pytest.mark.promise(3)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # what the search finds on both: test_search.py
def test_private_words_leave_by_no_channel(as_, world, written, engine):
    seen, leaks = {word: set() for word in WORDS}, []
    for role in ROLES:
        client = as_(role)
        client.checks_pages = False
        for address in CHANNELS:
            answer = client.get(address)
            assert answer.status_code in (200, 403), (role, address)
            _look(text_of(answer), role, address, seen, leaks)
        page = client.post("/calendar/", data={"school": "", "name": "手机"}).get_data(as_text=True)
        feed = re.search(r"/calendar/[\w-]+\.ics", page)[0]
        _look(text_of(client.get(feed)), role, feed, seen, leaks)
        nothing = _found(client, "没写过的")
        for word, readers in WORDS.items():
            # Who may not read it gets the page of a word that nobody wrote: no find, no count, no hint.
            if _found(client, word) != nothing:
                seen[word].add(role) if role in readers else leaks.append((role, "search", word))
    assert leaks == []
    told = " ".join(str(each) for each in db.session.scalars(sa.select(Notification.words)))
    assert [word for word in WORDS if word in told] == []
    # The channels do carry them to those for whom they are: or nothing would have been shown here.
    assert {word: seen[word] for word in (TALK, OWN, SHARED)} == {
        TALK: {"mentor", "teacher"},
        OWN: {"teacher"},
        SHARED: {"teacher", "mentor"},
    }


def _look(text: str, role: str, address: str, seen: dict, leaks: list) -> None:
    for word, readers in WORDS.items():
        if word in text:
            if role in readers:
                seen[word].add(role)
            else:
                leaks.append((role, address, word))


def _found(client, word: str) -> str:
    """The page of a search without the word itself and what differs by itself."""
    page = client.get(f"/search/?q={word}").get_data(as_text=True)
    return re.sub(rf'{word}|%[0-9A-F%]+|(nonce|content|value)="[^"]*"', "", page)
