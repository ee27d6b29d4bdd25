"""What the home page and a cluster's page ask for is found by index: a long past costs them nothing.

Revision: 0024, after 0023.
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_activity_term", "activity", "term_id", "cluster_id"),
    ("ix_reflection_term", "reflection", "cluster_id", "term_id", "state"),
    ("ix_visiting_session_day", "visiting_session", "held_on"),
)


def upgrade():
    for name, table, *columns in INDEXES:
        op.create_index(name, table, ["district_id", *columns])


def downgrade():
    for name, table, *_columns in INDEXES:
        op.drop_index(name, table_name=table)
