"""Files that are attached, what belongs to a joint activity, and shared resources of a cluster.

Revision: 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "attachment",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_kind", sa.String(length=32), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("small_sha256", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Uuid(), nullable=True),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(width IS NULL) = (height IS NULL)", name=op.f("ck_attachment_pixels_both")),
        sa.CheckConstraint(
            "purged_at IS NULL OR removed_at IS NOT NULL", name=op.f("ck_attachment_purged_was_removed")
        ),
        sa.CheckConstraint("size BETWEEN 1 AND 100000000", name=op.f("ck_attachment_size_sane")),
        sa.ForeignKeyConstraint(
            ["district_id", "cluster_id"],
            ["cluster.district_id", "cluster.id"],
            name=op.f("fk_attachment_district_id_cluster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_attachment_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "removed_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_attachment_district_id_removed_by_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_attachment_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_attachment")),
    )
    op.create_index("ix_attachment_cluster", "attachment", ["district_id", "cluster_id"], unique=False)
    op.create_index("ix_attachment_content", "attachment", ["district_id", "sha256"], unique=False)
    op.create_index("ix_attachment_person", "attachment", ["district_id", "person_id"], unique=False)
    op.create_table(
        "resource",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("grade", sa.String(length=40), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'rule') = (rule IS NOT NULL)", name=op.f("ck_resource_rule_says_which")),
        sa.CheckConstraint(
            "kind <> 'joint_test' OR held_on IS NOT NULL", name=op.f("ck_resource_test_has_day")
        ),
        sa.CheckConstraint("kind <> 'link' OR url <> ''", name=op.f("ck_resource_link_has_address")),
        sa.CheckConstraint(
            "kind IN ('lesson', 'document', 'link', 'result', 'joint_test', 'rule')",
            name=op.f("ck_resource_kind_known"),
        ),
        sa.CheckConstraint(
            "rule IN ('meeting', 'research', 'logistics', 'duty', 'assessment')",
            name=op.f("ck_resource_rule_known"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "cluster_id"],
            ["cluster.district_id", "cluster.id"],
            name=op.f("fk_resource_district_id_cluster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "created_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_resource_district_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_resource_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_resource_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_resource")),
    )
    op.create_index(
        "ix_resource_cluster", "resource", ["district_id", "cluster_id", "created_at", "id"], unique=False
    )
    op.create_table(
        "activity_cluster",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "activity_id"],
            ["activity.district_id", "activity.id"],
            name=op.f("fk_activity_cluster_district_id_activity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "cluster_id"],
            ["cluster.district_id", "cluster.id"],
            name=op.f("fk_activity_cluster_district_id_cluster_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_activity_cluster_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_activity_cluster")),
        sa.UniqueConstraint("district_id", "activity_id", "cluster_id", name="held_with_once"),
    )
    op.create_index(
        "ix_activity_cluster_cluster", "activity_cluster", ["district_id", "cluster_id"], unique=False
    )
    op.create_table(
        "activity_enrolment",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("per_school", sa.Integer(), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("per_school BETWEEN 0 AND 500", name=op.f("ck_activity_enrolment_places_sane")),
        sa.ForeignKeyConstraint(
            ["district_id", "activity_id"],
            ["activity.district_id", "activity.id"],
            name=op.f("fk_activity_enrolment_district_id_activity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_activity_enrolment_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_activity_enrolment")),
        sa.UniqueConstraint("district_id", "activity_id", name="enrolment_once"),
    )
    op.create_table(
        "activity_feedback",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("usefulness", sa.String(length=32), nullable=False),
        sa.Column("gained", sa.String(length=500), nullable=False),
        sa.Column("wished", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "usefulness IN ('much', 'some', 'little')", name=op.f("ck_activity_feedback_usefulness_known")
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "activity_id"],
            ["activity.district_id", "activity.id"],
            name=op.f("fk_activity_feedback_district_id_activity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_activity_feedback_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_activity_feedback_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_activity_feedback")),
        sa.UniqueConstraint("district_id", "activity_id", "person_id", name="feedback_once"),
    )
    op.create_table(
        "activity_file",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "kind IN ('photo', 'plan', 'sign_in', 'material', 'summary', 'feedback')",
            name=op.f("ck_activity_file_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "activity_id"],
            ["activity.district_id", "activity.id"],
            name=op.f("fk_activity_file_district_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "attachment_id"],
            ["attachment.district_id", "attachment.id"],
            name=op.f("fk_activity_file_district_id_attachment_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_activity_file_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_activity_file")),
        sa.UniqueConstraint("district_id", "attachment_id", name="activity_file_once"),
    )
    op.create_index("ix_activity_file_owner", "activity_file", ["district_id", "activity_id"], unique=False)
    op.create_table(
        "activity_move",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("old_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("new_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_activity_move_moved_with_reason")),
        sa.ForeignKeyConstraint(
            ["district_id", "activity_id"],
            ["activity.district_id", "activity.id"],
            name=op.f("fk_activity_move_district_id_activity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_activity_move_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_activity_move_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_activity_move")),
    )
    op.create_index(
        "ix_activity_move_activity", "activity_move", ["district_id", "activity_id"], unique=False
    )
    op.create_table(
        "activity_quota",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.CheckConstraint("places BETWEEN 0 AND 500", name=op.f("ck_activity_quota_places_sane")),
        sa.ForeignKeyConstraint(
            ["district_id", "activity_id"],
            ["activity.district_id", "activity.id"],
            name=op.f("fk_activity_quota_district_id_activity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_activity_quota_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_activity_quota_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_activity_quota")),
        sa.UniqueConstraint("district_id", "activity_id", "school_id", name="quota_once"),
    )
    op.create_table(
        "activity_signup",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("place BETWEEN 1 AND 500", name=op.f("ck_activity_signup_place_sane")),
        sa.ForeignKeyConstraint(
            ["district_id", "activity_id"],
            ["activity.district_id", "activity.id"],
            name=op.f("fk_activity_signup_district_id_activity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "created_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_activity_signup_district_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_activity_signup_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_activity_signup_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_activity_signup_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_activity_signup")),
        sa.UniqueConstraint("district_id", "activity_id", "person_id", name="activity_signed_up_once"),
        sa.UniqueConstraint("district_id", "activity_id", "school_id", "place", name="activity_place_once"),
    )
    op.create_index(
        "ix_activity_signup_person", "activity_signup", ["district_id", "person_id"], unique=False
    )
    op.create_table(
        "resource_file",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.CheckConstraint("kind IN ('file')", name=op.f("ck_resource_file_kind_known")),
        sa.CheckConstraint("number BETWEEN 1 AND 9999", name=op.f("ck_resource_file_number_sane")),
        sa.ForeignKeyConstraint(
            ["district_id", "attachment_id"],
            ["attachment.district_id", "attachment.id"],
            name=op.f("fk_resource_file_district_id_attachment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "resource_id"],
            ["resource.district_id", "resource.id"],
            name=op.f("fk_resource_file_district_id_resource_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_resource_file_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_resource_file")),
        sa.UniqueConstraint("district_id", "attachment_id", name="resource_file_once"),
        sa.UniqueConstraint("district_id", "resource_id", "number", name="resource_version_once"),
    )
    op.create_index("ix_resource_file_owner", "resource_file", ["district_id", "resource_id"], unique=False)
    op.create_table(
        "resource_school",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "resource_id"],
            ["resource.district_id", "resource.id"],
            name=op.f("fk_resource_school_district_id_resource_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_resource_school_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_resource_school_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_resource_school")),
        sa.UniqueConstraint("district_id", "resource_id", "school_id", name="resource_school_once"),
    )
    op.create_table(
        "resource_use",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=False),
        sa.CheckConstraint("kind IN ('download', 'used')", name=op.f("ck_resource_use_kind_known")),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_resource_use_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "resource_id"],
            ["resource.district_id", "resource.id"],
            name=op.f("fk_resource_use_district_id_resource_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_resource_use_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_resource_use_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_resource_use")),
        sa.UniqueConstraint(
            "district_id", "resource_id", "person_id", "kind", "used_on", name="use_once_a_day"
        ),
    )


def downgrade():
    for table in (
        "resource_use",
        "resource_school",
        "resource_file",
        "activity_signup",
        "activity_quota",
        "activity_move",
        "activity_file",
        "activity_feedback",
        "activity_enrolment",
        "activity_cluster",
        "resource",
        "attachment",
    ):
        op.drop_table(table)
