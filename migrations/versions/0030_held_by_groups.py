"""An activity names the group that holds it and what is improved next; without a cluster the whole district holds it.

Revision: 0030, after 0029.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

HAS_HOST = "cluster_id IS NULL OR host_school_id IS NOT NULL"


def upgrade():
    kept = _set_aside()
    with op.batch_alter_table("activity") as table:
        table.add_column(sa.Column("group_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("improvement", sa.Text(), nullable=False, server_default=""))
        table.alter_column("cluster_id", existing_type=sa.Uuid(), nullable=True)
        table.alter_column("host_school_id", existing_type=sa.Uuid(), nullable=True)
        table.create_foreign_key(
            op.f("fk_activity_district_id_group_id"),
            "cluster_group",
            ["district_id", "group_id"],
            ["district_id", "id"],
        )
        table.create_check_constraint(op.f("ck_activity_cluster_has_host"), HAS_HOST)
    _put_back(kept)


def downgrade():
    # What no cluster holds cannot be kept; what mentions it stays without it.
    of_district = "SELECT activity.id FROM activity WHERE activity.cluster_id IS NULL"
    for name, only_mentions in _pointing().items():
        if only_mentions:
            op.execute(sa.text(f"UPDATE {name} SET activity_id = NULL WHERE activity_id IN ({of_district})"))
    op.execute(sa.text(f"DELETE FROM activity_file WHERE activity_id IN ({of_district})"))
    op.execute(sa.text("DELETE FROM activity WHERE cluster_id IS NULL"))
    kept = _set_aside()
    with op.batch_alter_table("activity") as table:
        table.drop_constraint(op.f("ck_activity_cluster_has_host"), type_="check")
        table.drop_constraint(op.f("fk_activity_district_id_group_id"), type_="foreignkey")
        table.alter_column("cluster_id", existing_type=sa.Uuid(), nullable=False)
        table.alter_column("host_school_id", existing_type=sa.Uuid(), nullable=False)
        table.drop_column("improvement")
        table.drop_column("group_id")
    _put_back(kept)


def _pointing() -> dict[str, bool]:
    """Tables that name an activity, and whether they only mention it: their rows have a life of their own."""
    inspector = sa.inspect(op.get_bind())
    return {
        name: next(each for each in inspector.get_columns(name) if each["name"] == "activity_id")["nullable"]
        for name in inspector.get_table_names()
        if any(key["referred_table"] == "activity" for key in inspector.get_foreign_keys(name))
    }


def _set_aside() -> dict[str, bool]:
    """On SQLite the table is made anew, and dropping the old one would take the rows that point at it along."""
    if op.get_bind().dialect.name != "sqlite":
        return {}
    pointing = _pointing()
    for name, only_mentions in pointing.items():
        if only_mentions:  # other rows hang on these: they stay, and only forget the activity meanwhile
            columns, away = "district_id, id, activity_id", "UPDATE {} SET activity_id = NULL"
        else:
            columns, away = "*", "DELETE FROM {}"
        which = "WHERE activity_id IS NOT NULL"
        op.execute(sa.text(f"CREATE TEMPORARY TABLE kept_{name} AS SELECT {columns} FROM {name} {which}"))
        op.execute(sa.text(f"{away.format(name)} {which}"))
    return pointing


def _put_back(kept: dict[str, bool]) -> None:
    for name, only_mentions in kept.items():
        if only_mentions:
            op.execute(sa.text(f"CREATE UNIQUE INDEX temp.ix_kept_{name} ON kept_{name} (district_id, id)"))
            row = f"kept.district_id = {name}.district_id AND kept.id = {name}.id"
            op.execute(
                sa.text(
                    f"UPDATE {name} SET activity_id = (SELECT kept.activity_id FROM kept_{name} AS kept WHERE {row})"
                    f" WHERE EXISTS (SELECT 1 FROM kept_{name} AS kept WHERE {row})"
                )
            )
        else:
            op.execute(sa.text(f"INSERT INTO {name} SELECT * FROM kept_{name}"))
        op.execute(sa.text(f"DROP TABLE kept_{name}"))
