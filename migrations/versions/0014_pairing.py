"""Pairing and mentoring through their cycles.

Revision: 0014, after 0012.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "observation_template",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "cluster_id"],
            ["cluster.district_id", "cluster.id"],
            name=op.f("fk_observation_template_district_id_cluster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "created_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_observation_template_district_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_observation_template_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_observation_template")),
    )
    op.create_index(
        "ix_observation_template_cluster",
        "observation_template",
        ["district_id", "cluster_id", "name"],
        unique=False,
    )
    op.create_table(
        "wish_list",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(length=32), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("side IN ('mentor', 'mentee')", name=op.f("ck_wish_list_side_known")),
        sa.CheckConstraint("capacity BETWEEN 1 AND 10", name=op.f("ck_wish_list_capacity_sane")),
        sa.ForeignKeyConstraint(
            ["district_id", "cluster_id"],
            ["cluster.district_id", "cluster.id"],
            name=op.f("fk_wish_list_district_id_cluster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_wish_list_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_wish_list_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_wish_list")),
        sa.UniqueConstraint("district_id", "cluster_id", "person_id", "side", name="one_wish_list"),
    )
    op.create_table(
        "cycle_summary",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pairing_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("achieved", sa.Text(), nullable=False),
        sa.Column("lessons", sa.Text(), nullable=False),
        sa.Column("commended", sa.String(length=300), nullable=False),
        sa.Column(
            "figures",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("last_day > first_day", name=op.f("ck_cycle_summary_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["district_id", "created_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_cycle_summary_district_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "pairing_id"],
            ["school_pairing.district_id", "school_pairing.id"],
            name=op.f("fk_cycle_summary_district_id_pairing_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_cycle_summary_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_cycle_summary")),
        sa.UniqueConstraint("district_id", "pairing_id", "last_day", name="cycle_summed_once"),
    )
    op.create_table(
        "mentoring_renewal",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pair_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("old_ends_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("goals", sa.Text(), nullable=False),
        sa.Column("mentor_agreed", sa.Boolean(), nullable=False),
        sa.Column("mentee_agreed", sa.Boolean(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "old_ends_on IS NULL OR ends_on > old_ends_on", name=op.f("ck_mentoring_renewal_goes_on_longer")
        ),
        sa.CheckConstraint(
            "settled_on IS NULL OR mentor_agreed", name=op.f("ck_mentoring_renewal_renewed_with_the_mentor")
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "pair_id"],
            ["mentoring_pair.district_id", "mentoring_pair.id"],
            name=op.f("fk_mentoring_renewal_district_id_pair_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_mentoring_renewal_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_mentoring_renewal_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_mentoring_renewal")),
    )
    op.create_index(
        "renewal_already_open",
        "mentoring_renewal",
        ["district_id", "pair_id"],
        unique=True,
        sqlite_where=sa.text("settled_on IS NULL AND withdrawn_on IS NULL"),
        postgresql_where=sa.text("settled_on IS NULL AND withdrawn_on IS NULL"),
    )
    op.create_table(
        "pair_date",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pair_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("what", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "pair_id"],
            ["mentoring_pair.district_id", "mentoring_pair.id"],
            name=op.f("fk_pair_date_district_id_pair_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_pair_date_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_pair_date")),
        sa.UniqueConstraint("district_id", "pair_id", "day", name="pair_day_once"),
    )
    op.create_table(
        "pair_fit",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pair_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("answer IN ('well', 'talk', 'change')", name=op.f("ck_pair_fit_answer_known")),
        sa.ForeignKeyConstraint(
            ["district_id", "pair_id"],
            ["mentoring_pair.district_id", "mentoring_pair.id"],
            name=op.f("fk_pair_fit_district_id_pair_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_pair_fit_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_pair_fit_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_pair_fit_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_pair_fit")),
        sa.UniqueConstraint("district_id", "pair_id", "person_id", name="fit_once"),
    )
    op.create_table(
        "pair_review",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pair_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("reached", sa.String(length=32), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("further", sa.Text(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('midterm', 'final')", name=op.f("ck_pair_review_kind_known")),
        sa.CheckConstraint("reached IN ('yes', 'partly', 'no')", name=op.f("ck_pair_review_reached_known")),
        sa.ForeignKeyConstraint(
            ["district_id", "pair_id"],
            ["mentoring_pair.district_id", "mentoring_pair.id"],
            name=op.f("fk_pair_review_district_id_pair_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_pair_review_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_pair_review_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_pair_review")),
        sa.UniqueConstraint(
            "district_id", "pair_id", "person_id", "kind", "round", name="pair_reviewed_once"
        ),
    )
    op.create_table(
        "pairing_count",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pairing_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('class_pairs', 'pupil_pairs', 'children_visits', 'children_works')",
            name=op.f("ck_pairing_count_kind_known"),
        ),
        sa.CheckConstraint("number BETWEEN 0 AND 100000", name=op.f("ck_pairing_count_number_sane")),
        sa.ForeignKeyConstraint(
            ["district_id", "created_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_pairing_count_district_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "pairing_id"],
            ["school_pairing.district_id", "school_pairing.id"],
            name=op.f("fk_pairing_count_district_id_pairing_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_pairing_count_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_pairing_count")),
        sa.UniqueConstraint("district_id", "pairing_id", "kind", "day", name="counted_once_a_day"),
    )
    op.create_table(
        "pairing_need",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pairing_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("dropped_on", sa.Date(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "topic IN ('teaching', 'research', 'management', 'home_school', 'facilities', 'pupils', 'other')",
            name=op.f("ck_pairing_need_topic_known"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "created_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_pairing_need_district_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "pairing_id"],
            ["school_pairing.district_id", "school_pairing.id"],
            name=op.f("fk_pairing_need_district_id_pairing_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_pairing_need_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_pairing_need_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_pairing_need")),
    )
    op.create_index(
        "ix_pairing_need_pairing", "pairing_need", ["district_id", "pairing_id", "found_on"], unique=False
    )
    op.create_table(
        "pairing_plan_line",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pairing_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("who", sa.String(length=40), nullable=False),
        sa.Column("post", sa.String(length=60), nullable=False),
        sa.Column("content", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "pairing_id"],
            ["school_pairing.district_id", "school_pairing.id"],
            name=op.f("fk_pairing_plan_line_district_id_pairing_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_pairing_plan_line_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_pairing_plan_line_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_pairing_plan_line")),
        sa.UniqueConstraint("district_id", "pairing_id", "position", name="plan_line_once"),
    )
    op.create_table(
        "pairing_renewal",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pairing_id", sa.Uuid(), nullable=False),
        sa.Column("old_ends_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("donor_agreed_by_id", sa.Uuid(), nullable=True),
        sa.Column("beneficiary_agreed_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_on > old_ends_on", name=op.f("ck_pairing_renewal_goes_on_longer")),
        sa.CheckConstraint(
            "settled_on IS NULL OR (donor_agreed_by_id IS NOT NULL AND beneficiary_agreed_by_id IS NOT NULL AND approved_by_id IS NOT NULL)",
            name=op.f("ck_pairing_renewal_renewed_by_all"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "approved_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_pairing_renewal_district_id_approved_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "beneficiary_agreed_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_pairing_renewal_district_id_beneficiary_agreed_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "created_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_pairing_renewal_district_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "donor_agreed_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_pairing_renewal_district_id_donor_agreed_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "pairing_id"],
            ["school_pairing.district_id", "school_pairing.id"],
            name=op.f("fk_pairing_renewal_district_id_pairing_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_pairing_renewal_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_pairing_renewal")),
    )
    op.create_index(
        "pairing_renewal_open",
        "pairing_renewal",
        ["district_id", "pairing_id"],
        unique=True,
        sqlite_where=sa.text("settled_on IS NULL AND withdrawn_on IS NULL"),
        postgresql_where=sa.text("settled_on IS NULL AND withdrawn_on IS NULL"),
    )
    op.create_table(
        "pairing_review",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pairing_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.String(length=9), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("wish", sa.String(length=32), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("wish IN ('renew', 'adjust', 'close')", name=op.f("ck_pairing_review_wish_known")),
        sa.ForeignKeyConstraint(
            ["district_id", "created_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_pairing_review_district_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "pairing_id"],
            ["school_pairing.district_id", "school_pairing.id"],
            name=op.f("fk_pairing_review_district_id_pairing_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_pairing_review_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_pairing_review_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_pairing_review")),
        sa.UniqueConstraint("district_id", "pairing_id", "school_id", "year", name="pairing_reviewed_once"),
    )
    op.create_table(
        "template_edition",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "items",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_template_edition_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "template_id"],
            ["observation_template.district_id", "observation_template.id"],
            name=op.f("fk_template_edition_district_id_template_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_template_edition_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_template_edition")),
        sa.UniqueConstraint("district_id", "template_id", "number", name="form_edition_once"),
    )
    op.create_table(
        "template_suggestion",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_template_suggestion_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "template_id"],
            ["observation_template.district_id", "observation_template.id"],
            name=op.f("fk_template_suggestion_district_id_template_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_template_suggestion_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_template_suggestion")),
    )
    op.create_index(
        "ix_template_suggestion_template",
        "template_suggestion",
        ["district_id", "template_id", "made_at"],
        unique=False,
    )
    op.create_table(
        "wish_choice",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("wanted_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("rank BETWEEN 1 AND 10", name=op.f("ck_wish_choice_rank_sane")),
        sa.ForeignKeyConstraint(
            ["district_id", "list_id"],
            ["wish_list.district_id", "wish_list.id"],
            name=op.f("fk_wish_choice_district_id_list_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "wanted_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_wish_choice_district_id_wanted_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_wish_choice_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_wish_choice")),
        sa.UniqueConstraint("district_id", "list_id", "rank", name="wish_rank_once"),
        sa.UniqueConstraint("district_id", "list_id", "wanted_id", name="wished_once"),
    )
    op.create_table(
        "observation_sheet",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column(
            "answers",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "edition_id"],
            ["template_edition.district_id", "template_edition.id"],
            name=op.f("fk_observation_sheet_district_id_edition_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "record_id"],
            ["work_record.district_id", "work_record.id"],
            name=op.f("fk_observation_sheet_district_id_record_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_observation_sheet_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_observation_sheet")),
        sa.UniqueConstraint("district_id", "record_id", name="one_sheet_a_record"),
    )
    op.create_table(
        "record_presence",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "activity_id"],
            ["activity.district_id", "activity.id"],
            name=op.f("fk_record_presence_district_id_activity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_record_presence_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "record_id"],
            ["work_record.district_id", "work_record.id"],
            name=op.f("fk_record_presence_district_id_record_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_record_presence_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_record_presence")),
        sa.UniqueConstraint("district_id", "record_id", name="one_presence_a_record"),
    )
    op.create_table(
        "support_detail",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("giver_id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=True),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("worth", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("worth BETWEEN 0 AND 100000000", name=op.f("ck_support_detail_worth_sane")),
        sa.ForeignKeyConstraint(
            ["district_id", "giver_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_support_detail_district_id_giver_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "need_id"],
            ["pairing_need.district_id", "pairing_need.id"],
            name=op.f("fk_support_detail_district_id_need_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "record_id"],
            ["work_record.district_id", "work_record.id"],
            name=op.f("fk_support_detail_district_id_record_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_support_detail_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_support_detail")),
        sa.UniqueConstraint("district_id", "record_id", name="one_detail_a_record"),
    )
    op.create_index("ix_support_detail_need", "support_detail", ["district_id", "need_id"], unique=False)


def downgrade():
    op.drop_index("ix_support_detail_need", table_name="support_detail")
    op.drop_table("support_detail")
    op.drop_table("record_presence")
    op.drop_table("observation_sheet")
    op.drop_table("wish_choice")
    op.drop_index("ix_template_suggestion_template", table_name="template_suggestion")
    op.drop_table("template_suggestion")
    op.drop_table("template_edition")
    op.drop_table("pairing_review")
    op.drop_index(
        "pairing_renewal_open",
        table_name="pairing_renewal",
        sqlite_where=sa.text("settled_on IS NULL AND withdrawn_on IS NULL"),
        postgresql_where=sa.text("settled_on IS NULL AND withdrawn_on IS NULL"),
    )
    op.drop_table("pairing_renewal")
    op.drop_table("pairing_plan_line")
    op.drop_index("ix_pairing_need_pairing", table_name="pairing_need")
    op.drop_table("pairing_need")
    op.drop_table("pairing_count")
    op.drop_table("pair_review")
    op.drop_table("pair_fit")
    op.drop_table("pair_date")
    op.drop_index(
        "renewal_already_open",
        table_name="mentoring_renewal",
        sqlite_where=sa.text("settled_on IS NULL AND withdrawn_on IS NULL"),
        postgresql_where=sa.text("settled_on IS NULL AND withdrawn_on IS NULL"),
    )
    op.drop_table("mentoring_renewal")
    op.drop_table("cycle_summary")
    op.drop_table("wish_list")
    op.drop_index("ix_observation_template_cluster", table_name="observation_template")
    op.drop_table("observation_template")
