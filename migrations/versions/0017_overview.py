"""The number of teachers below which a subject of a school may not fall.

Revision: 0017, after 0016.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("subject_staffing", sa.Column("minimum", sa.Integer(), nullable=True))


def downgrade():
    op.drop_column("subject_staffing", "minimum")
