"""The ground: people, schools, clusters, terms, records of the term, summaries, audit, jobs.

Revision: 0001, the first.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "district",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("bureau_name", sa.String(length=80), nullable=False),
        sa.Column("modules_off", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_district")),
        sa.UniqueConstraint("code", name=op.f("uq_district_code")),
    )
    op.create_table(
        "audit_head",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_audit_head_district_id")),
        sa.PrimaryKeyConstraint("district_id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "calendar_day",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("follows_weekday", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind = 'swapped' OR follows_weekday IS NULL", name=op.f("ck_calendar_day_only_swapped_follows")
        ),
        sa.CheckConstraint(
            "kind IN ('holiday', 'swapped', 'local_off')", name=op.f("ck_calendar_day_kind_known")
        ),
        sa.CheckConstraint("source IN ('national', 'local')", name=op.f("ck_calendar_day_source_known")),
        sa.CheckConstraint("follows_weekday BETWEEN 1 AND 7", name=op.f("ck_calendar_day_weekday_known")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_calendar_day_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_calendar_day")),
        sa.UniqueConstraint("district_id", "day", name="day_taken"),
    )
    with op.batch_alter_table("calendar_day", schema=None) as batch_op:
        batch_op.create_index("ix_calendar_day_day", ["district_id", "day"], unique=False)

    op.create_table(
        "cluster",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("scheme_code", sa.String(length=32), nullable=False),
        sa.Column("profile", sa.String(length=32), nullable=False),
        sa.Column("is_supervision_zone", sa.Boolean(), nullable=False),
        sa.Column("aims", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('zone', 'school_district', 'alliance_zone', 'team_cluster', 'pairing_group', 'township_zone')",
            name=op.f("ck_cluster_kind_known"),
        ),
        sa.CheckConstraint(
            "profile IN ('directing', 'convenor', 'equal')", name=op.f("ck_cluster_profile_known")
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_cluster_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_cluster")),
        sa.UniqueConstraint("district_id", "name", name="cluster_name_taken"),
    )
    op.create_table(
        "person",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("pinyin", sa.String(length=400), nullable=False),
        sa.Column("initials", sa.String(length=120), nullable=False),
        sa.Column("staff_no", sa.String(length=40), nullable=True),
        sa.Column("sex", sa.String(length=32), nullable=True),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("stage", sa.String(length=32), nullable=True),
        sa.Column("subjects", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("professional_title", sa.String(length=32), nullable=True),
        sa.Column("post_grade", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("competent", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("extras", sa.Text(), nullable=True),
        sa.Column("retires_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("sex IN ('male', 'female')", name=op.f("ck_person_sex_known")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_person_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_person")),
        sa.UniqueConstraint("district_id", "staff_no", name="staff_no_taken"),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index("ix_person_name", ["district_id", "name"], unique=False)

    op.create_table(
        "school",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("location", sa.String(length=32), nullable=False),
        sa.Column("is_weak", sa.Boolean(), nullable=False),
        sa.Column("is_standard", sa.Boolean(), nullable=False),
        sa.Column("model_level", sa.String(length=32), nullable=True),
        sa.Column("remoteness", sa.Integer(), nullable=True),
        sa.Column("authorised_posts", sa.Integer(), nullable=True),
        sa.Column("actual_staff", sa.Integer(), nullable=True),
        sa.Column("average_periods", sa.Integer(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('kindergarten', 'primary', 'junior', 'nine_year', 'senior', 'teaching_point', 'external')",
            name=op.f("ck_school_kind_known"),
        ),
        sa.CheckConstraint("location IN ('urban', 'rural')", name=op.f("ck_school_location_known")),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_school_parent_differs")),
        sa.ForeignKeyConstraint(
            ["district_id", "parent_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_school_district_id_parent_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_school_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_school")),
        sa.UniqueConstraint("district_id", "name", name="school_name_taken"),
    )
    op.create_table(
        "term",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("week_one_monday", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("last_day > first_day", name=op.f("ck_term_dates_in_order")),
        sa.CheckConstraint("week_one_monday < last_day", name=op.f("ck_term_week_one_inside")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_term_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_term")),
        sa.UniqueConstraint("district_id", "code", name="term_code_taken"),
    )
    op.create_table(
        "account",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.String(length=32), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_reason", sa.String(length=200), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_account_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_account_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_account")),
        sa.UniqueConstraint("district_id", "person_id", name="person_has_account"),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )
    op.create_table(
        "activity",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("theme", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("host_school_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("presenters", sa.String(length=200), nullable=False),
        sa.Column("guests", sa.Integer(), nullable=False),
        sa.Column("is_large", sa.Boolean(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "level IN ('school', 'middle', 'teacher', 'resource')", name=op.f("ck_activity_level_known")
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'held', 'closed', 'cancelled')", name=op.f("ck_activity_state_known")
        ),
        sa.CheckConstraint(
            "ends_at IS NULL OR ends_at >= starts_at", name=op.f("ck_activity_times_in_order")
        ),
        sa.CheckConstraint("guests BETWEEN 0 AND 10000", name=op.f("ck_activity_guests_sane")),
        sa.ForeignKeyConstraint(
            ["district_id", "cluster_id"],
            ["cluster.district_id", "cluster.id"],
            name=op.f("fk_activity_district_id_cluster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "created_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_activity_district_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "host_school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_activity_district_id_host_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "term_id"],
            ["term.district_id", "term.id"],
            name=op.f("fk_activity_district_id_term_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_activity_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_activity")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index(
            "ix_activity_cluster", ["district_id", "cluster_id", "term_id", "starts_at", "id"], unique=False
        )

    op.create_table(
        "appointment_period",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("school_name", sa.String(length=80), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_appointment_period_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_appointment_period_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_appointment_period")),
    )
    with op.batch_alter_table("appointment_period", schema=None) as batch_op:
        batch_op.create_index(
            "ix_appointment_period_person", ["district_id", "person_id", "starts_on"], unique=False
        )

    op.create_table(
        "audit_entry",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("object_kind", sa.String(length=64), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("values_hash", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "actor_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_audit_entry_district_id_actor_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_audit_entry_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("district_id", "number", name="audit_number_once"),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_audit_entry_object", ["district_id", "object_kind", "object_id", "number"], unique=False
        )

    op.create_table(
        "bell_period",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 15", name=op.f("ck_bell_period_number_sane")),
        sa.CheckConstraint(
            "starts < ends AND starts >= 0 AND ends <= 1440", name=op.f("ck_bell_period_times_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_bell_period_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_bell_period_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_bell_period")),
        sa.UniqueConstraint("district_id", "school_id", "number", name="period_once"),
    )
    op.create_table(
        "employment",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("post_kind", sa.String(length=32), nullable=True),
        sa.Column("cadre_level", sa.String(length=32), nullable=False),
        sa.Column("on_establishment", sa.Boolean(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "cadre_level IN ('principal', 'vice_principal', 'middle', 'none')",
            name=op.f("ck_employment_cadre_level_known"),
        ),
        sa.CheckConstraint(
            "post_kind IN ('teaching', 'administrative', 'support')",
            name=op.f("ck_employment_post_kind_known"),
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_employment_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_employment_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_employment_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_employment_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_employment")),
    )
    with op.batch_alter_table("employment", schema=None) as batch_op:
        batch_op.create_index(
            "home_school_already_open",
            ["district_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("ends_on IS NULL"),
            postgresql_where=sa.text("ends_on IS NULL"),
        )
        batch_op.create_index("ix_employment_school", ["district_id", "school_id", "ends_on"], unique=False)

    op.create_table(
        "meeting",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('monthly', 'joint', 'hearing', 'seminar', 'other')", name=op.f("ck_meeting_kind_known")
        ),
        sa.CheckConstraint(
            "state <> 'confirmed' OR confirmed_by_id IS NOT NULL",
            name=op.f("ck_meeting_confirmed_by_someone"),
        ),
        sa.CheckConstraint(
            "state <> 'confirmed' OR minutes <> ''", name=op.f("ck_meeting_confirmed_has_minutes")
        ),
        sa.CheckConstraint(
            "state IN ('scheduled', 'held', 'minuted', 'confirmed', 'cancelled')",
            name=op.f("ck_meeting_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "cluster_id"],
            ["cluster.district_id", "cluster.id"],
            name=op.f("fk_meeting_district_id_cluster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "confirmed_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_meeting_district_id_confirmed_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "created_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_meeting_district_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "term_id"],
            ["term.district_id", "term.id"],
            name=op.f("fk_meeting_district_id_term_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_meeting_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_meeting")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index(
            "ix_meeting_cluster", ["district_id", "cluster_id", "term_id", "starts_at", "id"], unique=False
        )

    op.create_table(
        "membership",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("is_main", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("role IN ('lead', 'member')", name=op.f("ck_membership_role_known")),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_membership_dates_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "cluster_id"],
            ["cluster.district_id", "cluster.id"],
            name=op.f("fk_membership_district_id_cluster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_membership_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_membership_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(
            "cluster_has_lead",
            ["district_id", "cluster_id"],
            unique=True,
            sqlite_where=sa.text("ends_on IS NULL AND role = 'lead'"),
            postgresql_where=sa.text("ends_on IS NULL AND role = 'lead'"),
        )
        batch_op.create_index("ix_membership_school", ["district_id", "school_id", "starts_on"], unique=False)
        batch_op.create_index(
            "membership_already_open",
            ["district_id", "cluster_id", "school_id"],
            unique=True,
            sqlite_where=sa.text("ends_on IS NULL"),
            postgresql_where=sa.text("ends_on IS NULL"),
        )

    op.create_table(
        "mentoring_pair",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("mentee_id", sa.Uuid(), nullable=True),
        sa.Column("mentee_name", sa.String(length=120), nullable=False),
        sa.Column("mentee_school_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("goals", sa.Text(), nullable=False),
        sa.Column("every_weeks", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("mentor_accepted", sa.Boolean(), nullable=False),
        sa.Column("mentee_accepted", sa.Boolean(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind <> 'apprentice' OR mentee_id IS NOT NULL", name=op.f("ck_mentoring_pair_mentee_named")
        ),
        sa.CheckConstraint(
            "kind = 'apprentice' OR mentee_name <> ''", name=op.f("ck_mentoring_pair_group_named")
        ),
        sa.CheckConstraint(
            "kind IN ('apprentice', 'group', 'project')", name=op.f("ck_mentoring_pair_kind_known")
        ),
        sa.CheckConstraint(
            "state <> 'active' OR (mentor_accepted AND (mentee_accepted OR mentee_id IS NULL))",
            name=op.f("ck_mentoring_pair_pair_accepted_by_both"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'active', 'finished', 'broken_off', 'withdrawn')",
            name=op.f("ck_mentoring_pair_state_known"),
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_mentoring_pair_dates_in_order")
        ),
        sa.CheckConstraint("every_weeks BETWEEN 1 AND 26", name=op.f("ck_mentoring_pair_rhythm_sane")),
        sa.CheckConstraint("mentor_id <> mentee_id", name=op.f("ck_mentoring_pair_mentor_is_another")),
        sa.ForeignKeyConstraint(
            ["district_id", "cluster_id"],
            ["cluster.district_id", "cluster.id"],
            name=op.f("fk_mentoring_pair_district_id_cluster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "created_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_mentoring_pair_district_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "mentee_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_mentoring_pair_district_id_mentee_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "mentee_school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_mentoring_pair_district_id_mentee_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "mentor_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_mentoring_pair_district_id_mentor_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_mentoring_pair_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_mentoring_pair")),
    )
    with op.batch_alter_table("mentoring_pair", schema=None) as batch_op:
        batch_op.create_index(
            "ix_mentoring_pair_cluster", ["district_id", "cluster_id", "state", "id"], unique=False
        )
        batch_op.create_index("ix_mentoring_pair_mentee", ["district_id", "mentee_id"], unique=False)
        batch_op.create_index(
            "pair_already_open",
            ["district_id", "mentor_id", "mentee_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('proposed', 'active')"),
            postgresql_where=sa.text("state IN ('proposed', 'active')"),
        )

    op.create_table(
        "notification",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("words", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("link", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_notification_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_notification_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_notification")),
    )
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.create_index(
            "ix_notification_person", ["district_id", "person_id", "created_at", "id"], unique=False
        )

    op.create_table(
        "person_condition",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("months", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_person_condition_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_person_condition_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_person_condition")),
    )
    with op.batch_alter_table("person_condition", schema=None) as batch_op:
        batch_op.create_index("ix_person_condition_person", ["district_id", "person_id"], unique=False)

    op.create_table(
        "person_title",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_person_title_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_person_title_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_person_title")),
        sa.UniqueConstraint("district_id", "person_id", "kind", "level", "starts_on", name="title_taken"),
    )
    with op.batch_alter_table("person_title", schema=None) as batch_op:
        batch_op.create_index("ix_person_title_person", ["district_id", "person_id"], unique=False)

    op.create_table(
        "posting",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(length=32), nullable=False),
        sa.Column("home_school_id", sa.Uuid(), nullable=False),
        sa.Column("host_school_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("arrived_on", sa.Date(), nullable=True),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("weekly_periods", sa.Integer(), nullable=True),
        sa.Column("personnel_transfer", sa.Boolean(), nullable=False),
        sa.Column("is_volunteer", sa.Boolean(), nullable=False),
        sa.Column("counts_towards_quota", sa.Boolean(), nullable=False),
        sa.Column("approval_no", sa.String(length=60), nullable=False),
        sa.Column("duties", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'active', 'completed', 'ended_early', 'cancelled')",
            name=op.f("ck_posting_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('active', 'completed') OR arrived_on IS NOT NULL",
            name=op.f("ck_posting_active_has_arrived"),
        ),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_posting_dates_in_order")),
        sa.CheckConstraint("home_school_id <> host_school_id", name=op.f("ck_posting_host_is_another")),
        sa.CheckConstraint("weekly_periods BETWEEN 0 AND 40", name=op.f("ck_posting_periods_sane")),
        sa.ForeignKeyConstraint(
            ["district_id", "created_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_posting_district_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "home_school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_posting_district_id_home_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "host_school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_posting_district_id_host_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_posting_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_posting_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_posting")),
    )
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.create_index(
            "ix_posting_home", ["district_id", "home_school_id", "starts_on", "id"], unique=False
        )
        batch_op.create_index(
            "ix_posting_host", ["district_id", "host_school_id", "starts_on", "id"], unique=False
        )
        batch_op.create_index("ix_posting_person", ["district_id", "person_id"], unique=False)

    op.create_table(
        "removed_record",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("values", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_removed_record_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_removed_record_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_removed_record")),
        sa.UniqueConstraint("district_id", "person_id", name="one_removed_record"),
    )
    op.create_table(
        "role_assignment",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("office", sa.String(length=32), nullable=True),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("cluster_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "office IN ('basic_education', 'personnel', 'supervision')",
            name=op.f("ck_role_assignment_office_known"),
        ),
        sa.CheckConstraint(
            "role <> 'bureau' OR office IS NOT NULL", name=op.f("ck_role_assignment_bureau_names_office")
        ),
        sa.CheckConstraint(
            "role IN ('bureau', 'liaison', 'assigned_leader', 'principal', 'office')",
            name=op.f("ck_role_assignment_role_known"),
        ),
        sa.CheckConstraint(
            "role NOT IN ('liaison', 'assigned_leader') OR cluster_id IS NOT NULL",
            name=op.f("ck_role_assignment_cluster_named"),
        ),
        sa.CheckConstraint(
            "role NOT IN ('principal', 'office') OR school_id IS NOT NULL",
            name=op.f("ck_role_assignment_school_named"),
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_role_assignment_dates_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "cluster_id"],
            ["cluster.district_id", "cluster.id"],
            name=op.f("fk_role_assignment_district_id_cluster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_role_assignment_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_role_assignment_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_role_assignment_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_role_assignment")),
    )
    with op.batch_alter_table("role_assignment", schema=None) as batch_op:
        batch_op.create_index("ix_role_assignment_person", ["district_id", "person_id"], unique=False)
        batch_op.create_index(
            "school_has_principal",
            ["district_id", "school_id"],
            unique=True,
            sqlite_where=sa.text("ends_on IS NULL AND role = 'principal'"),
            postgresql_where=sa.text("ends_on IS NULL AND role = 'principal'"),
        )

    op.create_table(
        "roster_import",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("cluster_id", sa.Uuid(), nullable=True),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("mapping", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'applied' OR applied_at IS NOT NULL", name=op.f("ck_roster_import_applied_has_moment")
        ),
        sa.CheckConstraint(
            "state = 'previewed' OR content IS NULL", name=op.f("ck_roster_import_file_goes_with_the_end")
        ),
        sa.CheckConstraint(
            "state IN ('previewed', 'applied', 'cancelled')", name=op.f("ck_roster_import_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "cluster_id"],
            ["cluster.district_id", "cluster.id"],
            name=op.f("fk_roster_import_district_id_cluster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_roster_import_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_roster_import_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_roster_import_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_roster_import")),
    )
    with op.batch_alter_table("roster_import", schema=None) as batch_op:
        batch_op.create_index(
            "ix_roster_import_person", ["district_id", "person_id", "created_at", "id"], unique=False
        )
        batch_op.create_index("ix_roster_import_state", ["district_id", "state", "created_at"], unique=False)

    op.create_table(
        "school_pairing",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=True),
        sa.Column("donor_id", sa.Uuid(), nullable=False),
        sa.Column("beneficiary_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("goals", sa.Text(), nullable=False),
        sa.Column("contents", sa.Text(), nullable=False),
        sa.Column("frequency", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("donor_agreed_by_id", sa.Uuid(), nullable=True),
        sa.Column("beneficiary_agreed_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('proposed', 'agreed', 'active', 'closed', 'withdrawn')",
            name=op.f("ck_school_pairing_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('agreed', 'active') OR (donor_agreed_by_id IS NOT NULL AND beneficiary_agreed_by_id IS NOT NULL)",
            name=op.f("ck_school_pairing_pair_agreed_by_both"),
        ),
        sa.CheckConstraint("donor_id <> beneficiary_id", name=op.f("ck_school_pairing_pair_schools_differ")),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_school_pairing_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["district_id", "beneficiary_agreed_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_school_pairing_district_id_beneficiary_agreed_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "beneficiary_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_school_pairing_district_id_beneficiary_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "cluster_id"],
            ["cluster.district_id", "cluster.id"],
            name=op.f("fk_school_pairing_district_id_cluster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "created_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_school_pairing_district_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "donor_agreed_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_school_pairing_district_id_donor_agreed_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "donor_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_school_pairing_district_id_donor_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_school_pairing_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_school_pairing")),
    )
    with op.batch_alter_table("school_pairing", schema=None) as batch_op:
        batch_op.create_index(
            "ix_school_pairing_beneficiary", ["district_id", "beneficiary_id"], unique=False
        )
        batch_op.create_index(
            "ix_school_pairing_cluster", ["district_id", "cluster_id", "starts_on", "id"], unique=False
        )
        batch_op.create_index("ix_school_pairing_donor", ["district_id", "donor_id"], unique=False)

    op.create_table(
        "service_record",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=120), nullable=False),
        sa.Column("place", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("personnel_transfer", sa.Boolean(), nullable=True),
        sa.Column("approval_no", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_service_record_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_service_record_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_service_record")),
    )
    with op.batch_alter_table("service_record", schema=None) as batch_op:
        batch_op.create_index(
            "ix_service_record_person", ["district_id", "person_id", "starts_on"], unique=False
        )

    op.create_table(
        "subject_staffing",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("need", sa.Integer(), nullable=True),
        sa.Column("actual", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_subject_staffing_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_subject_staffing_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_subject_staffing")),
        sa.UniqueConstraint("district_id", "school_id", "subject", name="subject_staffing_once"),
    )
    op.create_table(
        "term_summary",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(length=32), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("snapshot_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state = 'drafting' OR snapshot_id IS NOT NULL", name=op.f("ck_term_summary_signed_has_snapshot")
        ),
        sa.CheckConstraint(
            "state IN ('drafting', 'signed', 'submitted', 'accepted')",
            name=op.f("ck_term_summary_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "cluster_id"],
            ["cluster.district_id", "cluster.id"],
            name=op.f("fk_term_summary_district_id_cluster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "term_id"],
            ["term.district_id", "term.id"],
            name=op.f("fk_term_summary_district_id_term_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_term_summary_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_term_summary")),
        sa.UniqueConstraint("district_id", "cluster_id", "term_id", name="summary_once"),
    )
    op.create_table(
        "travel_time",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("from_school_id", sa.Uuid(), nullable=False),
        sa.Column("to_school_id", sa.Uuid(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_school_id <> to_school_id", name=op.f("ck_travel_time_schools_differ")),
        sa.CheckConstraint("minutes BETWEEN 0 AND 600", name=op.f("ck_travel_time_minutes_sane")),
        sa.ForeignKeyConstraint(
            ["district_id", "from_school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_travel_time_district_id_from_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "to_school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_travel_time_district_id_to_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_travel_time_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_travel_time")),
        sa.UniqueConstraint("district_id", "from_school_id", "to_school_id", name="way_once"),
    )
    op.create_table(
        "visiting_lesson",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("home_school_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("class_name", sa.String(length=40), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("weeks", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "form IN ('circuit_teaching', 'cross_school_lessons', 'backbone_circuit', 'scarce_subject_circuit', 'stage_bridge')",
            name=op.f("ck_visiting_lesson_form_known"),
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'running', 'ended')", name=op.f("ck_visiting_lesson_state_known")
        ),
        sa.CheckConstraint("starts < ends", name=op.f("ck_visiting_lesson_times_in_order")),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("ck_visiting_lesson_weekday_known")),
        sa.ForeignKeyConstraint(
            ["district_id", "home_school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_visiting_lesson_district_id_home_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_visiting_lesson_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_visiting_lesson_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "term_id"],
            ["term.district_id", "term.id"],
            name=op.f("fk_visiting_lesson_district_id_term_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_visiting_lesson_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_visiting_lesson")),
    )
    with op.batch_alter_table("visiting_lesson", schema=None) as batch_op:
        batch_op.create_index(
            "ix_visiting_lesson_person", ["district_id", "term_id", "person_id"], unique=False
        )
        batch_op.create_index(
            "ix_visiting_lesson_school", ["district_id", "term_id", "school_id"], unique=False
        )

    op.create_table(
        "activity_participant",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "activity_id"],
            ["activity.district_id", "activity.id"],
            name=op.f("fk_activity_participant_district_id_activity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_activity_participant_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_activity_participant_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_activity_participant_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_activity_participant")),
        sa.UniqueConstraint("district_id", "activity_id", "person_id", name="participant_once"),
    )
    with op.batch_alter_table("activity_participant", schema=None) as batch_op:
        batch_op.create_index("ix_activity_participant_person", ["district_id", "person_id"], unique=False)

    op.create_table(
        "audit_value",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("old", sa.Text(), nullable=True),
        sa.Column("new", sa.Text(), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "entry_id"],
            ["audit_entry.district_id", "audit_entry.id"],
            name=op.f("fk_audit_value_district_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_audit_value_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_audit_value")),
    )
    with op.batch_alter_table("audit_value", schema=None) as batch_op:
        batch_op.create_index("ix_audit_value_entry", ["district_id", "entry_id"], unique=False)

    op.create_table(
        "login_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["district_id", "account_id"],
            ["account.district_id", "account.id"],
            name=op.f("fk_login_session_district_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_login_session_district_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_login_session_key_hash")),
    )
    op.create_table(
        "meeting_attendance",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("represented_by", sa.String(length=60), nullable=False),
        sa.CheckConstraint(
            "status IN ('present', 'leave', 'absent')", name=op.f("ck_meeting_attendance_status_known")
        ),
        sa.CheckConstraint("heads BETWEEN 0 AND 500", name=op.f("ck_meeting_attendance_heads_sane")),
        sa.ForeignKeyConstraint(
            ["district_id", "meeting_id"],
            ["meeting.district_id", "meeting.id"],
            name=op.f("fk_meeting_attendance_district_id_meeting_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_meeting_attendance_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_meeting_attendance_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_meeting_attendance")),
        sa.UniqueConstraint("district_id", "meeting_id", "school_id", name="attendance_once"),
    )
    op.create_table(
        "meeting_task",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name=op.f("ck_meeting_task_state_known")),
        sa.ForeignKeyConstraint(
            ["district_id", "meeting_id"],
            ["meeting.district_id", "meeting.id"],
            name=op.f("fk_meeting_task_district_id_meeting_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_meeting_task_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_meeting_task_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_meeting_task")),
    )
    with op.batch_alter_table("meeting_task", schema=None) as batch_op:
        batch_op.create_index(
            "ix_meeting_task_due", ["district_id", "school_id", "state", "due_on"], unique=False
        )
        batch_op.create_index("ix_meeting_task_meeting", ["district_id", "meeting_id"], unique=False)

    op.create_table(
        "stored_file",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("mime", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("summary_id", sa.Uuid(), nullable=True),
        sa.Column("made_from", sa.String(length=64), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["district_id", "owner_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_stored_file_district_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "summary_id"],
            ["term_summary.district_id", "term_summary.id"],
            name=op.f("fk_stored_file_district_id_summary_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_stored_file_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_stored_file")),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index("file_made_once", ["district_id", "summary_id", "made_from"], unique=True)

    op.create_table(
        "summary_consent",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("summary_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_summary_consent_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_summary_consent_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "summary_id"],
            ["term_summary.district_id", "term_summary.id"],
            name=op.f("fk_summary_consent_district_id_summary_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_summary_consent_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_summary_consent")),
        sa.UniqueConstraint("district_id", "summary_id", "edition", "school_id", name="consent_once"),
    )
    op.create_table(
        "summary_section",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("summary_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "edited_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_summary_section_district_id_edited_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "summary_id"],
            ["term_summary.district_id", "term_summary.id"],
            name=op.f("fk_summary_section_district_id_summary_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_summary_section_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_summary_section")),
        sa.UniqueConstraint("district_id", "summary_id", "key", name="section_once"),
    )
    op.create_table(
        "summary_snapshot",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("summary_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("signed_by_id", sa.Uuid(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "signed_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_summary_snapshot_district_id_signed_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "summary_id"],
            ["term_summary.district_id", "term_summary.id"],
            name=op.f("fk_summary_snapshot_district_id_summary_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_summary_snapshot_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_summary_snapshot")),
        sa.UniqueConstraint("district_id", "summary_id", "edition", name="edition_once"),
    )
    with op.batch_alter_table("summary_snapshot", schema=None) as batch_op:
        batch_op.create_index("ix_summary_snapshot_summary", ["district_id", "summary_id"], unique=False)

    op.create_table(
        "visiting_session",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("class_name", sa.String(length=40), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("substitute_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("reported", sa.String(length=32), nullable=True),
        sa.Column("reported_note", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "reported IN ('given', 'missed')", name=op.f("ck_visiting_session_reported_known")
        ),
        sa.CheckConstraint(
            "state <> 'substituted' OR substitute_id IS NOT NULL",
            name=op.f("ck_visiting_session_substitute_named"),
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'given', 'missed', 'substituted', 'cancelled')",
            name=op.f("ck_visiting_session_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "confirmed_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_visiting_session_district_id_confirmed_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "lesson_id"],
            ["visiting_lesson.district_id", "visiting_lesson.id"],
            name=op.f("fk_visiting_session_district_id_lesson_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_visiting_session_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_visiting_session_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "substitute_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_visiting_session_district_id_substitute_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_visiting_session_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_visiting_session")),
    )
    with op.batch_alter_table("visiting_session", schema=None) as batch_op:
        batch_op.create_index(
            "class_booked_twice",
            ["district_id", "school_id", "class_name", "held_on", "starts"],
            unique=True,
            sqlite_where=sa.text("state <> 'cancelled'"),
            postgresql_where=sa.text("state <> 'cancelled'"),
        )
        batch_op.create_index(
            "ix_visiting_session_school", ["district_id", "school_id", "held_on"], unique=False
        )
        batch_op.create_index(
            "teacher_booked_twice",
            ["district_id", "person_id", "held_on", "starts"],
            unique=True,
            sqlite_where=sa.text("state <> 'cancelled'"),
            postgresql_where=sa.text("state <> 'cancelled'"),
        )

    op.create_table(
        "job",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("params", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(length=300), nullable=False),
        sa.Column("words", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state <> 'done' OR ended_at IS NOT NULL", name=op.f("ck_job_done_has_end")),
        sa.CheckConstraint("state <> 'running' OR beat_at IS NOT NULL", name=op.f("ck_job_running_has_beat")),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed')", name=op.f("ck_job_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "file_id"],
            ["stored_file.district_id", "stored_file.id"],
            name=op.f("fk_job_district_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_job_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_job_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(
            "ix_job_open",
            ["state", "created_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('queued', 'running')"),
            postgresql_where=sa.text("state IN ('queued', 'running')"),
        )
        batch_op.create_index("ix_job_person", ["district_id", "person_id", "created_at"], unique=False)

    op.create_table(
        "reflection",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("cluster_id", sa.Uuid(), nullable=True),
        sa.Column("term_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("experience", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("solution", sa.Text(), nullable=False),
        sa.Column("visibility", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("activity_id", sa.Uuid(), nullable=True),
        sa.Column("mentoring_pair_id", sa.Uuid(), nullable=True),
        sa.Column("posting_id", sa.Uuid(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("once_key", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('lesson', 'observation', 'training', 'study', 'exchange', 'other')",
            name=op.f("ck_reflection_kind_known"),
        ),
        sa.CheckConstraint(
            "state = 'draft' OR experience <> '' OR problem <> '' OR solution <> ''",
            name=op.f("ck_reflection_submitted_has_text"),
        ),
        sa.CheckConstraint(
            "state = 'draft' OR submitted_at IS NOT NULL", name=op.f("ck_reflection_submitted_has_time")
        ),
        sa.CheckConstraint("state IN ('draft', 'submitted')", name=op.f("ck_reflection_state_known")),
        sa.CheckConstraint(
            "visibility IN ('own', 'mentor', 'school', 'cluster')",
            name=op.f("ck_reflection_visibility_known"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "activity_id"],
            ["activity.district_id", "activity.id"],
            name=op.f("fk_reflection_district_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "cluster_id"],
            ["cluster.district_id", "cluster.id"],
            name=op.f("fk_reflection_district_id_cluster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "mentoring_pair_id"],
            ["mentoring_pair.district_id", "mentoring_pair.id"],
            name=op.f("fk_reflection_district_id_mentoring_pair_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_reflection_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "posting_id"],
            ["posting.district_id", "posting.id"],
            name=op.f("fk_reflection_district_id_posting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_reflection_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "session_id"],
            ["visiting_session.district_id", "visiting_session.id"],
            name=op.f("fk_reflection_district_id_session_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "term_id"],
            ["term.district_id", "term.id"],
            name=op.f("fk_reflection_district_id_term_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_reflection_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_reflection")),
    )
    with op.batch_alter_table("reflection", schema=None) as batch_op:
        batch_op.create_index(
            "ix_reflection_cluster", ["district_id", "cluster_id", "state", "happened_on", "id"], unique=False
        )
        batch_op.create_index(
            "ix_reflection_person", ["district_id", "person_id", "happened_on", "id"], unique=False
        )
        batch_op.create_index(
            "ix_reflection_school", ["district_id", "school_id", "state", "happened_on", "id"], unique=False
        )
        batch_op.create_index("reflection_sent_twice", ["district_id", "person_id", "once_key"], unique=True)

    op.create_table(
        "work_record",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("line", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("periods", sa.Integer(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column("with_person_id", sa.Uuid(), nullable=True),
        sa.Column("place_school_id", sa.Uuid(), nullable=True),
        sa.Column("mentoring_pair_id", sa.Uuid(), nullable=True),
        sa.Column("school_pairing_id", sa.Uuid(), nullable=True),
        sa.Column("activity_id", sa.Uuid(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("once_key", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('observation', 'lesson', 'talk', 'visit', 'joint_preparation', 'project_work', 'activity', 'support', 'donation')",
            name=op.f("ck_work_record_kind_known"),
        ),
        sa.CheckConstraint("periods >= 0 AND periods <= 20", name=op.f("ck_work_record_periods_sane")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_work_record_quantity_sane")),
        sa.ForeignKeyConstraint(
            ["district_id", "activity_id"],
            ["activity.district_id", "activity.id"],
            name=op.f("fk_work_record_district_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "mentoring_pair_id"],
            ["mentoring_pair.district_id", "mentoring_pair.id"],
            name=op.f("fk_work_record_district_id_mentoring_pair_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_work_record_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "place_school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_work_record_district_id_place_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_work_record_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_pairing_id"],
            ["school_pairing.district_id", "school_pairing.id"],
            name=op.f("fk_work_record_district_id_school_pairing_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "session_id"],
            ["visiting_session.district_id", "visiting_session.id"],
            name=op.f("fk_work_record_district_id_session_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "with_person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_work_record_district_id_with_person_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_work_record_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_work_record")),
    )
    with op.batch_alter_table("work_record", schema=None) as batch_op:
        batch_op.create_index(
            "ix_work_record_pair", ["district_id", "mentoring_pair_id", "happened_on", "id"], unique=False
        )
        batch_op.create_index(
            "ix_work_record_pairing", ["district_id", "school_pairing_id", "happened_on", "id"], unique=False
        )
        batch_op.create_index(
            "ix_work_record_person", ["district_id", "person_id", "happened_on", "id"], unique=False
        )
        batch_op.create_index("record_sent_twice", ["district_id", "person_id", "once_key"], unique=True)

    op.create_table(
        "reflection_comment",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reflection_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_reflection_comment_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "reflection_id"],
            ["reflection.district_id", "reflection.id"],
            name=op.f("fk_reflection_comment_district_id_reflection_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_reflection_comment_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_reflection_comment")),
    )
    with op.batch_alter_table("reflection_comment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_reflection_comment_reflection", ["district_id", "reflection_id", "created_at"], unique=False
        )


def downgrade():
    with op.batch_alter_table("reflection_comment", schema=None) as batch_op:
        batch_op.drop_index("ix_reflection_comment_reflection")

    op.drop_table("reflection_comment")
    with op.batch_alter_table("work_record", schema=None) as batch_op:
        batch_op.drop_index("record_sent_twice")
        batch_op.drop_index("ix_work_record_person")
        batch_op.drop_index("ix_work_record_pairing")
        batch_op.drop_index("ix_work_record_pair")

    op.drop_table("work_record")
    with op.batch_alter_table("reflection", schema=None) as batch_op:
        batch_op.drop_index("reflection_sent_twice")
        batch_op.drop_index("ix_reflection_school")
        batch_op.drop_index("ix_reflection_person")
        batch_op.drop_index("ix_reflection_cluster")

    op.drop_table("reflection")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_person")
        batch_op.drop_index(
            "ix_job_open",
            sqlite_where=sa.text("state IN ('queued', 'running')"),
            postgresql_where=sa.text("state IN ('queued', 'running')"),
        )

    op.drop_table("job")
    with op.batch_alter_table("visiting_session", schema=None) as batch_op:
        batch_op.drop_index(
            "teacher_booked_twice",
            sqlite_where=sa.text("state <> 'cancelled'"),
            postgresql_where=sa.text("state <> 'cancelled'"),
        )
        batch_op.drop_index("ix_visiting_session_school")
        batch_op.drop_index(
            "class_booked_twice",
            sqlite_where=sa.text("state <> 'cancelled'"),
            postgresql_where=sa.text("state <> 'cancelled'"),
        )

    op.drop_table("visiting_session")
    with op.batch_alter_table("summary_snapshot", schema=None) as batch_op:
        batch_op.drop_index("ix_summary_snapshot_summary")

    op.drop_table("summary_snapshot")
    op.drop_table("summary_section")
    op.drop_table("summary_consent")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index("file_made_once")

    op.drop_table("stored_file")
    with op.batch_alter_table("meeting_task", schema=None) as batch_op:
        batch_op.drop_index("ix_meeting_task_meeting")
        batch_op.drop_index("ix_meeting_task_due")

    op.drop_table("meeting_task")
    op.drop_table("meeting_attendance")
    op.drop_table("login_session")
    with op.batch_alter_table("audit_value", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_value_entry")

    op.drop_table("audit_value")
    with op.batch_alter_table("activity_participant", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_participant_person")

    op.drop_table("activity_participant")
    with op.batch_alter_table("visiting_lesson", schema=None) as batch_op:
        batch_op.drop_index("ix_visiting_lesson_school")
        batch_op.drop_index("ix_visiting_lesson_person")

    op.drop_table("visiting_lesson")
    op.drop_table("travel_time")
    op.drop_table("term_summary")
    op.drop_table("subject_staffing")
    with op.batch_alter_table("service_record", schema=None) as batch_op:
        batch_op.drop_index("ix_service_record_person")

    op.drop_table("service_record")
    with op.batch_alter_table("school_pairing", schema=None) as batch_op:
        batch_op.drop_index("ix_school_pairing_donor")
        batch_op.drop_index("ix_school_pairing_cluster")
        batch_op.drop_index("ix_school_pairing_beneficiary")

    op.drop_table("school_pairing")
    with op.batch_alter_table("roster_import", schema=None) as batch_op:
        batch_op.drop_index("ix_roster_import_state")
        batch_op.drop_index("ix_roster_import_person")

    op.drop_table("roster_import")
    with op.batch_alter_table("role_assignment", schema=None) as batch_op:
        batch_op.drop_index(
            "school_has_principal",
            sqlite_where=sa.text("ends_on IS NULL AND role = 'principal'"),
            postgresql_where=sa.text("ends_on IS NULL AND role = 'principal'"),
        )
        batch_op.drop_index("ix_role_assignment_person")

    op.drop_table("role_assignment")
    op.drop_table("removed_record")
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.drop_index("ix_posting_person")
        batch_op.drop_index("ix_posting_host")
        batch_op.drop_index("ix_posting_home")

    op.drop_table("posting")
    with op.batch_alter_table("person_title", schema=None) as batch_op:
        batch_op.drop_index("ix_person_title_person")

    op.drop_table("person_title")
    with op.batch_alter_table("person_condition", schema=None) as batch_op:
        batch_op.drop_index("ix_person_condition_person")

    op.drop_table("person_condition")
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.drop_index("ix_notification_person")

    op.drop_table("notification")
    with op.batch_alter_table("mentoring_pair", schema=None) as batch_op:
        batch_op.drop_index(
            "pair_already_open",
            sqlite_where=sa.text("state IN ('proposed', 'active')"),
            postgresql_where=sa.text("state IN ('proposed', 'active')"),
        )
        batch_op.drop_index("ix_mentoring_pair_mentee")
        batch_op.drop_index("ix_mentoring_pair_cluster")

    op.drop_table("mentoring_pair")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(
            "membership_already_open",
            sqlite_where=sa.text("ends_on IS NULL"),
            postgresql_where=sa.text("ends_on IS NULL"),
        )
        batch_op.drop_index("ix_membership_school")
        batch_op.drop_index(
            "cluster_has_lead",
            sqlite_where=sa.text("ends_on IS NULL AND role = 'lead'"),
            postgresql_where=sa.text("ends_on IS NULL AND role = 'lead'"),
        )

    op.drop_table("membership")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_index("ix_meeting_cluster")

    op.drop_table("meeting")
    with op.batch_alter_table("employment", schema=None) as batch_op:
        batch_op.drop_index("ix_employment_school")
        batch_op.drop_index(
            "home_school_already_open",
            sqlite_where=sa.text("ends_on IS NULL"),
            postgresql_where=sa.text("ends_on IS NULL"),
        )

    op.drop_table("employment")
    op.drop_table("bell_period")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_object")

    op.drop_table("audit_entry")
    with op.batch_alter_table("appointment_period", schema=None) as batch_op:
        batch_op.drop_index("ix_appointment_period_person")

    op.drop_table("appointment_period")
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_cluster")

    op.drop_table("activity")
    op.drop_table("account")
    op.drop_table("term")
    op.drop_table("school")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index("ix_person_name")

    op.drop_table("person")
    op.drop_table("cluster")
    with op.batch_alter_table("calendar_day", schema=None) as batch_op:
        batch_op.drop_index("ix_calendar_day_day")

    op.drop_table("calendar_day")
    op.drop_table("audit_head")
    op.drop_table("district")
