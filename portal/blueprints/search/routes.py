"""The search: words and filters in the address, what was found newest first."""

from flask import request, url_for
from flask_babel import gettext as _

from portal import formats, labels
from portal.auth import actor, can, requires
from portal.blueprints.search import bp
from portal.domain.search import LONGEST_QUESTION, folded, words_asked
from portal.forms import as_uuid, clean_line
from portal.queries import clusters, search, search_names, terms
from portal.web import render, term_title

# Kind -> its page, the name of its key, the words of its codes, its workflow.
PAGES = {
    "reflection": ("reflections.detail", "reflection_id", labels.REFLECTION_KIND, "reflection"),
    "record": ("records.record", "record_id", labels.RECORD_KIND, ""),
    "meeting": ("plans.meeting", "meeting_id", labels.MEETING_KIND, "meeting"),
    "activity": ("plans.activity", "activity_id", labels.ACTIVITY_KIND, "activity"),
    "resource": ("resources.resource", "resource_id", labels.RESOURCE_KIND, ""),
    "quality": ("resources.quality", "analysis_id", labels.QUALITY_STATE, ""),
}
# A state is worth a word when the record is not yet, or no longer, what it looks like.
TOLD = {"draft", "cancelled"}


@bp.get("/")
@requires("search.use")
def index():
    """What was found, and people, schools and clusters of that name."""
    who, asked = actor(), request.args
    question = clean_line(asked.get("q", ""))[:LONGEST_QUESTION]
    words = words_asked(question)
    kind = asked.get("kind", "") if asked.get("kind") in search.KINDS else ""
    term = terms.by_code(who.district_id, asked.get("term", "")[:32])
    page = search.search_page(
        who,
        words,
        kind=kind,
        cluster_id=as_uuid(asked.get("cluster")),
        term=term,
        mine=asked.get("mine") == "1",
        cursor=asked.get("at"),
    )
    kept = {name: asked[name] for name in ("cluster", "term", "mine") if asked.get(name)}
    return render(
        "search/index.html",
        question=question,
        words=words,
        kind=kind,
        kept=kept,
        page=page,
        lines=[_line(hit) for hit in page.rows],
        names=_names(who, words) if not asked.get("at") else [],
        clusters=clusters.all_clusters(who),
        terms=[(each.code, term_title(each)) for each in terms.all_terms(who.district_id)],
    )


def _line(hit) -> dict:
    """A find as the page shows it."""
    endpoint, key, words, workflow = PAGES[hit.kind]
    what = _(words[hit.what])
    return {
        "url": url_for(endpoint, **{key: hit.id}),
        "title": hit.title or ((what, False),),
        "state": _(labels.STATE[workflow][hit.state]) if hit.state in TOLD else "",
        "piece": hit.piece,
        "kind": _(labels.SEARCH_KIND[hit.kind]),
        "about": [*([((what, False),)] if hit.title else []), *hit.names],
        "day": formats.full_day(hit.day),
    }


def _person_url(person, word: str) -> str:
    """The page of a person, or what their name finds; none where that is the page itself."""
    if can("person.view", person):
        return url_for("admin.person", person_id=person.id)
    return "" if folded(person.name) == word else url_for("search.index", q=person.name)


def _names(who, words) -> list[dict]:
    """People, schools and clusters that one word names: label, more, url."""
    if len(words) != 1:
        return []
    found = [
        {
            "label": person.name,
            "more": school,
            "url": _person_url(person, words[0]),
        }
        for person, school in search_names.people_named(who, words[0])
    ]
    for each in search_names.schools_named(who, words[0]):
        url = url_for("clusters.school", school_id=each.id)
        found.append({"label": each.name, "more": _("学校"), "url": url})
    for each in search_names.clusters_named(who, words[0]):
        url = url_for("clusters.cluster", cluster_id=each.id)
        found.append({"label": each.name, "more": _("片区"), "url": url})
    return found
