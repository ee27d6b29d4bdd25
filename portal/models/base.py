"""What every table shares: the district as root of every key, versions, and short forms of keys and checks."""

import uuid
from datetime import UTC, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from portal.domain.ids import uuid7


class Tenant:
    """A row that belongs to a district: its key, and the facts by which access to it is decided.

    The facts are what the predicates of ``portal.domain.access`` read. A model overrides those
    that it has; the rest say "nobody, nowhere".
    """

    @declared_attr
    def district_id(cls) -> Mapped[uuid.UUID]:
        # First in the table and in its key: the district is what a larger installation is spread by.
        return mapped_column(
            ForeignKey("district.id", name=f"fk_{cls.__tablename__}_district"),
            primary_key=True,
            sort_order=-20,
        )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7, sort_order=-10)

    @property
    def access_clusters(self) -> frozenset:
        """Clusters that this row belongs to."""
        cluster_id = getattr(self, "cluster_id", None)
        return frozenset([cluster_id]) if cluster_id else frozenset()

    @property
    def access_schools(self) -> frozenset:
        """Schools whose own record this is."""
        school_id = getattr(self, "school_id", None)
        return frozenset([school_id]) if school_id else frozenset()

    @property
    def access_people(self) -> frozenset:
        """People whom this row is about, or who wrote it."""
        person_id = getattr(self, "person_id", None)
        return frozenset([person_id]) if person_id else frozenset()


class Versioned:
    """A row that people edit: each write is bound to the version that it was based on.

    SQLAlchemy adds ``AND version = :old`` to the UPDATE, so of two writers with the same base
    one fails with StaleDataError, which the web layer shows as a conflict.
    """

    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    updated_at: Mapped[datetime] = mapped_column(
        default=lambda: datetime.now(UTC), onupdate=lambda: datetime.now(UTC)
    )

    @declared_attr.directive
    def __mapper_args__(cls) -> dict:
        return {"version_id_col": cls.version}


def Code(length: int = 32) -> String:
    """A short code value of the glossary, such as ``observation``."""
    return String(length)


def ref(column: str, table: str, *, ondelete: str | None = None) -> ForeignKeyConstraint:
    """A foreign key inside the district: both columns, so that no row can point into another district."""
    return ForeignKeyConstraint(
        ["district_id", column], [f"{table}.district_id", f"{table}.id"], ondelete=ondelete
    )


def one_of(column: str, values) -> CheckConstraint:
    """The column holds one of the known codes (or nothing); named ``<column>_known``."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def one(target: str, owner: str, column: str, **options):
    """The row that ``owner.column`` names, for reading. Writing is done through the id columns."""
    return relationship(
        target, foreign_keys=f"[{owner}.district_id, {owner}.{column}]", viewonly=True, **options
    )


def many(target: str, column: str, order_by: str, **options):
    """The rows of ``target`` whose ``column`` names this one, in a fixed order, for reading."""
    return relationship(
        target,
        foreign_keys=f"[{target}.district_id, {target}.{column}]",
        order_by=order_by,
        viewonly=True,
        **options,
    )
