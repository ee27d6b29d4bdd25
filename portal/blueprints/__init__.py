"""The slices: each a blueprint with the word of its feature, and where its pages live."""

from portal.blueprints.account import bp as account
from portal.blueprints.admin import bp as admin
from portal.blueprints.clusters import bp as clusters
from portal.blueprints.exchange import bp as exchange
from portal.blueprints.feeds import bp as feeds
from portal.blueprints.files import bp as files
from portal.blueprints.home import bp as home
from portal.blueprints.instructions import bp as instructions
from portal.blueprints.ledgers import bp as ledgers
from portal.blueprints.notices import bp as notices
from portal.blueprints.opinions import bp as opinions
from portal.blueprints.pairing import bp as pairing
from portal.blueprints.plans import bp as plans
from portal.blueprints.records import bp as records
from portal.blueprints.reflections import bp as reflections
from portal.blueprints.resources import bp as resources
from portal.blueprints.search import bp as search
from portal.blueprints.summaries import bp as summaries
from portal.blueprints.supervision import bp as supervision
from portal.blueprints.visiting import bp as visiting

SLICES = (
    (account, ""),
    (home, ""),
    (clusters, "/clusters"),
    (plans, "/plans"),
    (pairing, "/pairing"),
    (exchange, "/exchange"),
    (visiting, "/visiting"),
    (feeds, "/calendar"),
    (files, "/files"),
    (resources, "/resources"),
    (ledgers, "/ledgers"),
    (supervision, "/supervision"),
    (instructions, "/instructions"),
    (opinions, "/opinions"),
    (reflections, "/reflections"),
    (records, "/records"),
    (search, "/search"),
    (summaries, "/summaries"),
    (notices, "/notices"),
    (admin, "/admin"),
)
