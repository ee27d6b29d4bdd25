"""Offers, requests and one-off deliveries of lessons; volunteers, programmes, certificates of service.

Revision: 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "programme",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_programme_dates_in_order")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_programme_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_programme")),
        sa.UniqueConstraint("district_id", "name", name="programme_name_taken"),
    )
    op.create_table(
        "delivery",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=True),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("from_school_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("starts", sa.Integer(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("rhythm", sa.String(length=60), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("direct", sa.Boolean(), nullable=False),
        sa.Column("audience", sa.String(length=60), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("audience_count", sa.Integer(), nullable=True),
        sa.Column("thanks", sa.String(length=300), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('volunteer_service', 'volunteer_teaching', 'support_teaching', 'rural_delivery', 'lesson_delivery')",
            name=op.f("ck_delivery_kind_known"),
        ),
        sa.CheckConstraint(
            "stage IN ('kindergarten', 'primary', 'junior', 'senior')", name=op.f("ck_delivery_stage_known")
        ),
        sa.CheckConstraint(
            "state <> 'confirmed' OR confirmed_by_id IS NOT NULL",
            name=op.f("ck_delivery_confirmed_by_someone"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'filled', 'held', 'confirmed', 'cancelled')",
            name=op.f("ck_delivery_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('held', 'confirmed') OR held_on IS NOT NULL", name=op.f("ck_delivery_held_has_day")
        ),
        sa.CheckConstraint("audience_count BETWEEN 0 AND 10000", name=op.f("ck_delivery_audience_sane")),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_delivery_dates_in_order")
        ),
        sa.CheckConstraint("from_school_id <> school_id", name=op.f("ck_delivery_brought_from_elsewhere")),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_delivery_minutes_sane")),
        sa.CheckConstraint("starts BETWEEN 0 AND 1439", name=op.f("ck_delivery_starts_sane")),
        sa.CheckConstraint("wanted BETWEEN 1 AND 200", name=op.f("ck_delivery_wanted_sane")),
        sa.ForeignKeyConstraint(
            ["district_id", "cluster_id"],
            ["cluster.district_id", "cluster.id"],
            name=op.f("fk_delivery_district_id_cluster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "confirmed_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_delivery_district_id_confirmed_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "created_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_delivery_district_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "from_school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_delivery_district_id_from_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_delivery_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_delivery_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_delivery")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_delivery_cluster", ["district_id", "cluster_id", "starts_on", "id"], unique=False
        )
        batch_op.create_index("ix_delivery_day", ["district_id", "starts_on", "id"], unique=False)
        batch_op.create_index(
            "ix_delivery_school", ["district_id", "school_id", "starts_on", "id"], unique=False
        )

    op.create_table(
        "programme_target",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('volunteers', 'volunteer_hours', 'deliveries', 'delivery_periods', 'support_teachers', 'secondments', 'school_pairs')",
            name=op.f("ck_programme_target_kind_known"),
        ),
        sa.CheckConstraint("target BETWEEN 1 AND 1000000", name=op.f("ck_programme_target_target_sane")),
        sa.ForeignKeyConstraint(
            ["district_id", "programme_id"],
            ["programme.district_id", "programme.id"],
            name=op.f("fk_programme_target_district_id_programme_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_programme_target_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_programme_target")),
        sa.UniqueConstraint("district_id", "programme_id", "kind", name="target_once"),
    )
    op.create_table(
        "teaching_offer",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("is_guest", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("times", sa.String(length=80), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('volunteer_service', 'volunteer_teaching', 'support_teaching', 'rural_delivery', 'lesson_delivery')",
            name=op.f("ck_teaching_offer_kind_known"),
        ),
        sa.CheckConstraint(
            "stage IN ('kindergarten', 'primary', 'junior', 'senior')",
            name=op.f("ck_teaching_offer_stage_known"),
        ),
        sa.CheckConstraint("state IN ('open', 'ended')", name=op.f("ck_teaching_offer_state_known")),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_teaching_offer_dates_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "cluster_id"],
            ["cluster.district_id", "cluster.id"],
            name=op.f("fk_teaching_offer_district_id_cluster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "created_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_teaching_offer_district_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_teaching_offer_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_teaching_offer_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_teaching_offer_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_teaching_offer")),
    )
    with op.batch_alter_table("teaching_offer", schema=None) as batch_op:
        batch_op.create_index(
            "ix_teaching_offer_cluster", ["district_id", "cluster_id", "state"], unique=False
        )
        batch_op.create_index("ix_teaching_offer_person", ["district_id", "person_id"], unique=False)

    op.create_table(
        "volunteer",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("cluster_id", sa.Uuid(), nullable=True),
        sa.Column("background", sa.String(length=80), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "cluster_id"],
            ["cluster.district_id", "cluster.id"],
            name=op.f("fk_volunteer_district_id_cluster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "created_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_volunteer_district_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_volunteer_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_volunteer_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_volunteer_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_volunteer")),
        sa.UniqueConstraint("district_id", "person_id", name="volunteer_once"),
    )
    with op.batch_alter_table("volunteer", schema=None) as batch_op:
        batch_op.create_index("ix_volunteer_cluster", ["district_id", "cluster_id"], unique=False)

    op.create_table(
        "delivery_signup",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("home_school_id", sa.Uuid(), nullable=True),
        sa.Column("is_guest", sa.Boolean(), nullable=False),
        sa.Column("is_volunteer", sa.Boolean(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("came", sa.Boolean(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("periods", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'taken') = (place IS NOT NULL)", name=op.f("ck_delivery_signup_taken_has_place")
        ),
        sa.CheckConstraint("came IS NULL OR state = 'taken'", name=op.f("ck_delivery_signup_came_had_place")),
        sa.CheckConstraint(
            "state IN ('invited', 'waiting', 'taken', 'declined', 'withdrawn')",
            name=op.f("ck_delivery_signup_state_known"),
        ),
        sa.CheckConstraint("minutes BETWEEN 0 AND 60000", name=op.f("ck_delivery_signup_minutes_sane")),
        sa.CheckConstraint("periods BETWEEN 0 AND 500", name=op.f("ck_delivery_signup_periods_sane")),
        sa.CheckConstraint("place BETWEEN 1 AND 200", name=op.f("ck_delivery_signup_place_sane")),
        sa.ForeignKeyConstraint(
            ["district_id", "created_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_delivery_signup_district_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "delivery_id"],
            ["delivery.district_id", "delivery.id"],
            name=op.f("fk_delivery_signup_district_id_delivery_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "home_school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_delivery_signup_district_id_home_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "offer_id"],
            ["teaching_offer.district_id", "teaching_offer.id"],
            name=op.f("fk_delivery_signup_district_id_offer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_delivery_signup_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_delivery_signup_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_delivery_signup")),
        sa.UniqueConstraint("district_id", "delivery_id", "person_id", name="signed_up_once"),
        sa.UniqueConstraint("district_id", "delivery_id", "place", name="delivery_place_once"),
    )
    with op.batch_alter_table("delivery_signup", schema=None) as batch_op:
        batch_op.create_index("ix_delivery_signup_person", ["district_id", "person_id"], unique=False)

    op.create_table(
        "offer_school",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "offer_id"],
            ["teaching_offer.district_id", "teaching_offer.id"],
            name=op.f("fk_offer_school_district_id_offer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_offer_school_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_offer_school_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_offer_school")),
        sa.UniqueConstraint("district_id", "offer_id", "school_id", name="offer_school_once"),
    )
    op.create_table(
        "service_certificate",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_service_certificate_number_positive")),
        sa.ForeignKeyConstraint(
            ["district_id", "file_id"],
            ["stored_file.district_id", "stored_file.id"],
            name=op.f("fk_service_certificate_district_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "issued_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_service_certificate_district_id_issued_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_service_certificate_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_service_certificate_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "term_id"],
            ["term.district_id", "term.id"],
            name=op.f("fk_service_certificate_district_id_term_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_service_certificate_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_service_certificate")),
        sa.UniqueConstraint(
            "district_id", "person_id", "school_id", "term_id", "content_hash", name="certified_once"
        ),
        sa.UniqueConstraint("district_id", "school_id", "year", "number", name="certificate_number_once"),
    )


def downgrade():
    op.drop_table("service_certificate")
    op.drop_table("offer_school")
    with op.batch_alter_table("delivery_signup", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_signup_person")

    op.drop_table("delivery_signup")
    with op.batch_alter_table("volunteer", schema=None) as batch_op:
        batch_op.drop_index("ix_volunteer_cluster")

    op.drop_table("volunteer")
    with op.batch_alter_table("teaching_offer", schema=None) as batch_op:
        batch_op.drop_index("ix_teaching_offer_person")
        batch_op.drop_index("ix_teaching_offer_cluster")

    op.drop_table("teaching_offer")
    op.drop_table("programme_target")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_school")
        batch_op.drop_index("ix_delivery_day")
        batch_op.drop_index("ix_delivery_cluster")

    op.drop_table("delivery")
    op.drop_table("programme")
