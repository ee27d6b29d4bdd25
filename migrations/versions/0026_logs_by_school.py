"""Logs of a term by cluster and school are counted from the index alone.

Revision: 0026, after 0025.
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_reflection_term", "reflection"
COLUMNS = ["district_id", "cluster_id", "term_id", "state"]


def upgrade():
    op.drop_index(NAME, table_name=TABLE)
    op.create_index(NAME, TABLE, [*COLUMNS, "school_id"])


def downgrade():
    op.drop_index(NAME, table_name=TABLE)
    op.create_index(NAME, TABLE, COLUMNS)
