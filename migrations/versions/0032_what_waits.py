"""What waits and what is near is found without reading the history behind it.

Revision: 0032, after 0031.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

OF_TERM = ["district_id", "term_id", "cluster_id"]
UNREAD = sa.text("read_at IS NULL")


def upgrade():
    op.create_index("ix_activity_begins", "activity", ["district_id", "starts_at", "id"])
    op.drop_index("ix_activity_term", table_name="activity")
    op.create_index("ix_activity_term", "activity", [*OF_TERM, "state", "id"])
    op.create_index("ix_meeting_state", "meeting", ["district_id", "cluster_id", "state", "starts_at", "id"])
    op.create_index(
        "ix_notification_unread",
        "notification",
        ["district_id", "person_id"],
        sqlite_where=UNREAD,
        postgresql_where=UNREAD,
    )
    op.create_index(
        "ix_posting_state", "posting", ["district_id", "state", "home_school_id", "host_school_id"]
    )


def downgrade():
    op.drop_index("ix_posting_state", table_name="posting")
    op.drop_index("ix_notification_unread", table_name="notification")
    op.drop_index("ix_meeting_state", table_name="meeting")
    op.drop_index("ix_activity_term", table_name="activity")
    op.create_index("ix_activity_term", "activity", OF_TERM)
    op.drop_index("ix_activity_begins", table_name="activity")
