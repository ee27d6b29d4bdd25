"""Term plans; committees and groups.

Revision: 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "cluster_group",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("duties", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('leading', 'guidance', 'working', 'subject', 'think_tank', 'experts')",
            name=op.f("ck_cluster_group_kind_known"),
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_cluster_group_dates_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "cluster_id"],
            ["cluster.district_id", "cluster.id"],
            name=op.f("fk_cluster_group_district_id_cluster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "created_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_cluster_group_district_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_cluster_group_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_cluster_group")),
    )
    with op.batch_alter_table("cluster_group", schema=None) as batch_op:
        batch_op.create_index(
            "ix_cluster_group_cluster", ["district_id", "cluster_id", "kind", "name"], unique=False
        )

    op.create_table(
        "duty_turn",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("task", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_duty_turn_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["district_id", "cluster_id"],
            ["cluster.district_id", "cluster.id"],
            name=op.f("fk_duty_turn_district_id_cluster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_duty_turn_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_duty_turn_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_duty_turn")),
    )
    with op.batch_alter_table("duty_turn", schema=None) as batch_op:
        batch_op.create_index(
            "duty_turn_once", ["district_id", "cluster_id", "starts_on", "school_id", "task"], unique=True
        )

    op.create_table(
        "responsibility_letter",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("targets", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("signed_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'signed') = (signed_by_id IS NOT NULL)",
            name=op.f("ck_responsibility_letter_signed_by_someone"),
        ),
        sa.CheckConstraint(
            "state IN ('drafted', 'signed')", name=op.f("ck_responsibility_letter_state_known")
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_responsibility_letter_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["district_id", "cluster_id"],
            ["cluster.district_id", "cluster.id"],
            name=op.f("fk_responsibility_letter_district_id_cluster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "created_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_responsibility_letter_district_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_responsibility_letter_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "signed_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_responsibility_letter_district_id_signed_by_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_responsibility_letter_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_responsibility_letter")),
    )
    with op.batch_alter_table("responsibility_letter", schema=None) as batch_op:
        batch_op.create_index(
            "ix_responsibility_letter_cluster", ["district_id", "cluster_id", "starts_on"], unique=False
        )
        batch_op.create_index(
            "ix_responsibility_letter_school", ["district_id", "school_id", "starts_on"], unique=False
        )

    op.create_table(
        "group_member",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("organisation", sa.String(length=80), nullable=False),
        sa.Column("post", sa.String(length=32), nullable=False),
        sa.Column("duty", sa.String(length=120), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(person_id IS NULL) <> (name = '')", name=op.f("ck_group_member_somebody")),
        sa.CheckConstraint(
            "post IN ('head', 'deputy', 'secretary', 'member', 'adviser')",
            name=op.f("ck_group_member_post_known"),
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_group_member_dates_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "group_id"],
            ["cluster_group.district_id", "cluster_group.id"],
            name=op.f("fk_group_member_district_id_group_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_group_member_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_group_member_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_group_member_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_group_member")),
    )
    with op.batch_alter_table("group_member", schema=None) as batch_op:
        batch_op.create_index(
            "group_member_already_open",
            ["district_id", "group_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("ends_on IS NULL"),
            postgresql_where=sa.text("ends_on IS NULL"),
        )
        batch_op.create_index("ix_group_member_person", ["district_id", "person_id"], unique=False)

    op.create_table(
        "meeting_participant",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "meeting_id"],
            ["meeting.district_id", "meeting.id"],
            name=op.f("fk_meeting_participant_district_id_meeting_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_meeting_participant_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_meeting_participant_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_meeting_participant_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_meeting_participant")),
        sa.UniqueConstraint("district_id", "meeting_id", "person_id", name="meeting_participant_once"),
    )
    with op.batch_alter_table("meeting_participant", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_participant_person", ["district_id", "person_id"], unique=False)

    op.create_table(
        "term_plan",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("strengths", sa.Text(), nullable=False),
        sa.Column("weaknesses", sa.Text(), nullable=False),
        sa.Column("goals", sa.Text(), nullable=False),
        sa.Column("lessons", sa.Text(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('drafting', 'agreed', 'submitted', 'accepted')", name=op.f("ck_term_plan_state_known")
        ),
        sa.CheckConstraint(
            "state NOT IN ('submitted', 'accepted') OR submitted_on IS NOT NULL",
            name=op.f("ck_term_plan_submitted_has_day"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "cluster_id"],
            ["cluster.district_id", "cluster.id"],
            name=op.f("fk_term_plan_district_id_cluster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "created_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_term_plan_district_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "meeting_id"],
            ["meeting.district_id", "meeting.id"],
            name=op.f("fk_term_plan_district_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "term_id"],
            ["term.district_id", "term.id"],
            name=op.f("fk_term_plan_district_id_term_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_term_plan_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_term_plan")),
        sa.UniqueConstraint("district_id", "cluster_id", "term_id", name="term_plan_once"),
    )
    op.create_table(
        "plan_consent",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_plan_consent_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "plan_id"],
            ["term_plan.district_id", "term_plan.id"],
            name=op.f("fk_plan_consent_district_id_plan_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_plan_consent_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_plan_consent_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_plan_consent")),
        sa.UniqueConstraint("district_id", "plan_id", "edition", "school_id", name="plan_consent_once"),
    )
    op.create_table(
        "plan_edition",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "plan_id"],
            ["term_plan.district_id", "term_plan.id"],
            name=op.f("fk_plan_edition_district_id_plan_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "set_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_plan_edition_district_id_set_by_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_plan_edition_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_plan_edition")),
        sa.UniqueConstraint("district_id", "plan_id", "edition", name="plan_edition_once"),
    )
    op.create_table(
        "plan_item",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("counter", sa.String(length=60), nullable=False),
        sa.Column("target", sa.Integer(), nullable=True),
        sa.Column("result", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("carried_from", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("counter <> '' OR target IS NULL", name=op.f("ck_plan_item_target_of_counter")),
        sa.CheckConstraint("phase IN ('before', 'during', 'after')", name=op.f("ck_plan_item_phase_known")),
        sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name=op.f("ck_plan_item_state_known")),
        sa.CheckConstraint(
            "(school_id IS NULL OR group_id IS NULL) AND (school_id IS NULL OR person_id IS NULL) AND (group_id IS NULL OR person_id IS NULL)",
            name=op.f("ck_plan_item_one_owner"),
        ),
        sa.CheckConstraint("target BETWEEN 1 AND 100000", name=op.f("ck_plan_item_target_sane")),
        sa.ForeignKeyConstraint(
            ["district_id", "group_id"],
            ["cluster_group.district_id", "cluster_group.id"],
            name=op.f("fk_plan_item_district_id_group_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_plan_item_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "plan_id"],
            ["term_plan.district_id", "term_plan.id"],
            name=op.f("fk_plan_item_district_id_plan_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_plan_item_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_plan_item_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_plan_item")),
    )
    with op.batch_alter_table("plan_item", schema=None) as batch_op:
        batch_op.create_index("ix_plan_item_plan", ["district_id", "plan_id", "position"], unique=False)
        batch_op.create_index(
            "ix_plan_item_school", ["district_id", "school_id", "state", "due_on"], unique=False
        )

    op.create_table(
        "plan_part",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "edited_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_plan_part_district_id_edited_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "group_id"],
            ["cluster_group.district_id", "cluster_group.id"],
            name=op.f("fk_plan_part_district_id_group_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "plan_id"],
            ["term_plan.district_id", "term_plan.id"],
            name=op.f("fk_plan_part_district_id_plan_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_plan_part_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_plan_part")),
        sa.UniqueConstraint("district_id", "plan_id", "group_id", name="plan_part_once"),
    )


def downgrade():
    op.drop_table("plan_part")
    with op.batch_alter_table("plan_item", schema=None) as batch_op:
        batch_op.drop_index("ix_plan_item_school")
        batch_op.drop_index("ix_plan_item_plan")

    op.drop_table("plan_item")
    op.drop_table("plan_edition")
    op.drop_table("plan_consent")
    op.drop_table("term_plan")
    with op.batch_alter_table("meeting_participant", schema=None) as batch_op:
        batch_op.drop_index("ix_meeting_participant_person")

    op.drop_table("meeting_participant")
    with op.batch_alter_table("group_member", schema=None) as batch_op:
        batch_op.drop_index("ix_group_member_person")
        batch_op.drop_index(
            "group_member_already_open",
            sqlite_where=sa.text("ends_on IS NULL"),
            postgresql_where=sa.text("ends_on IS NULL"),
        )

    op.drop_table("group_member")
    with op.batch_alter_table("responsibility_letter", schema=None) as batch_op:
        batch_op.drop_index("ix_responsibility_letter_school")
        batch_op.drop_index("ix_responsibility_letter_cluster")

    op.drop_table("responsibility_letter")
    with op.batch_alter_table("duty_turn", schema=None) as batch_op:
        batch_op.drop_index("duty_turn_once")

    op.drop_table("duty_turn")
    with op.batch_alter_table("cluster_group", schema=None) as batch_op:
        batch_op.drop_index("ix_cluster_group_cluster")

    op.drop_table("cluster_group")
