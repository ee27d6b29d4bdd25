"""Comments of logs and names of files can be found: what the search had read is read again.

Revision: 0022, after 0021. The entries are derived; the upgrade makes them again from the records.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade():
    """No entries: `flask init` reads every record after the upgrade."""
    op.execute(sa.text("DELETE FROM search_entry"))


def downgrade():
    """What was read stays right for a version that reads less; it can be made again there, too."""
