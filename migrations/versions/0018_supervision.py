"""Inspections, findings, the register of problems, and assessment by template.

Revision: 0018, after 0017.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "assessment_template",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("items", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "level IN ('person', 'group', 'school', 'cluster')",
            name=op.f("ck_assessment_template_level_known"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "created_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_assessment_template_district_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_assessment_template_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_assessment_template")),
        sa.UniqueConstraint("district_id", "family_id", "number", name="assessment_edition_once"),
    )
    op.create_table(
        "inspection",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.String(length=32), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("inspectors", sa.String(length=200), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("body IN ('bureau', 'lead')", name=op.f("ck_inspection_body_known")),
        sa.CheckConstraint("state IN ('drafting', 'published')", name=op.f("ck_inspection_state_known")),
        sa.ForeignKeyConstraint(
            ["district_id", "cluster_id"],
            ["cluster.district_id", "cluster.id"],
            name=op.f("fk_inspection_district_id_cluster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "created_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_inspection_district_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_inspection_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "term_id"],
            ["term.district_id", "term.id"],
            name=op.f("fk_inspection_district_id_term_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_inspection_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_inspection")),
    )
    op.create_index(
        "ix_inspection_term", "inspection", ["district_id", "term_id", "cluster_id", "held_on"], unique=False
    )
    op.create_table(
        "assessment_round",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=True),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("span", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("cluster_weight", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "level IN ('person', 'group', 'school', 'cluster')", name=op.f("ck_assessment_round_level_known")
        ),
        sa.CheckConstraint("span IN ('term', 'year')", name=op.f("ck_assessment_round_span_known")),
        sa.CheckConstraint(
            "state IN ('open', 'published', 'archived')", name=op.f("ck_assessment_round_state_known")
        ),
        sa.CheckConstraint("cluster_weight BETWEEN 0 AND 100", name=op.f("ck_assessment_round_weight_sane")),
        sa.ForeignKeyConstraint(
            ["district_id", "cluster_id"],
            ["cluster.district_id", "cluster.id"],
            name=op.f("fk_assessment_round_district_id_cluster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "created_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_assessment_round_district_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_assessment_round_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "template_id"],
            ["assessment_template.district_id", "assessment_template.id"],
            name=op.f("fk_assessment_round_district_id_template_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "term_id"],
            ["term.district_id", "term.id"],
            name=op.f("fk_assessment_round_district_id_term_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_assessment_round_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_assessment_round")),
    )
    op.create_index(
        "ix_assessment_round_term", "assessment_round", ["district_id", "term_id", "level"], unique=False
    )
    op.create_table(
        "problem",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("inspection_id", sa.Uuid(), nullable=True),
        sa.Column("finding", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("result", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "category IN ('resources', 'timetable', 'understanding', 'deviation', 'teaching', 'organisation', 'safety', 'papers', 'other_problem')",
            name=op.f("ck_problem_category_known"),
        ),
        sa.CheckConstraint(
            "state <> 'confirmed' OR confirmed_on IS NOT NULL", name=op.f("ck_problem_confirmed_has_day")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'mending', 'closed', 'confirmed')", name=op.f("ck_problem_state_known")
        ),
        sa.CheckConstraint(
            "(inspection_id IS NULL) = (finding IS NULL)", name=op.f("ck_problem_finding_of_inspection")
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR owner_id IS NULL OR confirmed_by_id <> owner_id",
            name=op.f("ck_problem_confirmed_by_another"),
        ),
        sa.CheckConstraint("due_on IS NULL OR due_on >= found_on", name=op.f("ck_problem_due_after_found")),
        sa.ForeignKeyConstraint(
            ["district_id", "closed_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_problem_district_id_closed_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "cluster_id"],
            ["cluster.district_id", "cluster.id"],
            name=op.f("fk_problem_district_id_cluster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "confirmed_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_problem_district_id_confirmed_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "created_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_problem_district_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "inspection_id"],
            ["inspection.district_id", "inspection.id"],
            name=op.f("fk_problem_district_id_inspection_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "owner_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_problem_district_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_problem_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_problem_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_problem")),
        sa.UniqueConstraint("district_id", "inspection_id", "finding", name="finding_once"),
    )
    op.create_index(
        "ix_problem_cluster", "problem", ["district_id", "cluster_id", "state", "due_on"], unique=False
    )
    op.create_index("ix_problem_owner", "problem", ["district_id", "owner_id", "state"], unique=False)
    op.create_index("ix_problem_school", "problem", ["district_id", "school_id", "state"], unique=False)
    op.create_table(
        "assessment_case",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=True),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("answers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("scores", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("verdict", sa.String(length=500), nullable=False),
        sa.Column("scored_by_id", sa.Uuid(), nullable=True),
        sa.Column("complaint", sa.String(length=300), nullable=False),
        sa.Column("reply", sa.String(length=300), nullable=False),
        sa.Column("replied_by_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "level <> 'group' OR group_id IS NOT NULL", name=op.f("ck_assessment_case_group_named")
        ),
        sa.CheckConstraint(
            "level <> 'person' OR person_id IS NOT NULL", name=op.f("ck_assessment_case_person_named")
        ),
        sa.CheckConstraint(
            "level = 'cluster' OR level = 'group' OR school_id IS NOT NULL",
            name=op.f("ck_assessment_case_school_named"),
        ),
        sa.CheckConstraint(
            "level IN ('person', 'group', 'school', 'cluster')", name=op.f("ck_assessment_case_level_known")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'submitted', 'scored', 'published', 'complained')",
            name=op.f("ck_assessment_case_state_known"),
        ),
        sa.CheckConstraint(
            "person_id IS NULL OR scored_by_id <> person_id",
            name=op.f("ck_assessment_case_scored_by_another"),
        ),
        sa.CheckConstraint(
            "replied_by_id IS NULL OR replied_by_id <> scored_by_id",
            name=op.f("ck_assessment_case_replied_by_another"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "cluster_id"],
            ["cluster.district_id", "cluster.id"],
            name=op.f("fk_assessment_case_district_id_cluster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "group_id"],
            ["cluster_group.district_id", "cluster_group.id"],
            name=op.f("fk_assessment_case_district_id_group_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_assessment_case_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "replied_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_assessment_case_district_id_replied_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "round_id"],
            ["assessment_round.district_id", "assessment_round.id"],
            name=op.f("fk_assessment_case_district_id_round_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_assessment_case_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "scored_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_assessment_case_district_id_scored_by_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_assessment_case_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_assessment_case")),
        sa.UniqueConstraint("district_id", "round_id", "subject_id", name="case_once"),
    )
    op.create_index(
        "ix_assessment_case_cluster",
        "assessment_case",
        ["district_id", "cluster_id", "level", "state"],
        unique=False,
    )
    op.create_index(
        "ix_assessment_case_person", "assessment_case", ["district_id", "person_id", "state"], unique=False
    )
    op.create_index(
        "ix_assessment_case_school",
        "assessment_case",
        ["district_id", "school_id", "level", "state"],
        unique=False,
    )
    op.create_table(
        "assessment_case_file",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.CheckConstraint("kind IN ('file')", name=op.f("ck_assessment_case_file_kind_known")),
        sa.ForeignKeyConstraint(
            ["district_id", "attachment_id"],
            ["attachment.district_id", "attachment.id"],
            name=op.f("fk_assessment_case_file_district_id_attachment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "case_id"],
            ["assessment_case.district_id", "assessment_case.id"],
            name=op.f("fk_assessment_case_file_district_id_case_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_assessment_case_file_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_assessment_case_file")),
        sa.UniqueConstraint("district_id", "attachment_id", name="assessment_case_file_once"),
    )
    op.create_index(
        "ix_assessment_case_file_owner", "assessment_case_file", ["district_id", "case_id"], unique=False
    )


def downgrade():
    op.drop_index("ix_assessment_case_file_owner", table_name="assessment_case_file")
    op.drop_table("assessment_case_file")
    op.drop_index("ix_assessment_case_school", table_name="assessment_case")
    op.drop_index("ix_assessment_case_person", table_name="assessment_case")
    op.drop_index("ix_assessment_case_cluster", table_name="assessment_case")
    op.drop_table("assessment_case")
    op.drop_index("ix_problem_school", table_name="problem")
    op.drop_index("ix_problem_owner", table_name="problem")
    op.drop_index("ix_problem_cluster", table_name="problem")
    op.drop_table("problem")
    op.drop_index("ix_assessment_round_term", table_name="assessment_round")
    op.drop_table("assessment_round")
    op.drop_index("ix_inspection_term", table_name="inspection")
    op.drop_table("inspection")
    op.drop_table("assessment_template")
