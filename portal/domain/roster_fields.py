"""What a roster's column is: key, header, what else offices call it, how it is read.

A header is compared in narrow form without spaces, brackets and hints. `synonyms` are whole headers,
`pattern` is searched in it; `never` names headers that only look alike (毕业学校 is no school of work).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from portal.domain import roster_choices as choices
from portal.domain import roster_values as values
from portal.domain.roster_values import Reading
from portal.domain.sheets import Cell
from portal.domain.words import N_

IGNORE = "ignore"


@dataclass(frozen=True)
class Field:
    """One column that a roster may have.

    `needed`: a row without it cannot be used. `sensitive`: never shown in full in a preview.
    `choices`: the words offered in the template. `blank` is what an empty cell means where the
    column exists (formats: empty 申请交流 is 否, empty 称号 is none).
    """

    key: str
    header: str
    read: Callable[[Cell], Reading]
    synonyms: frozenset[str] = frozenset()
    pattern: re.Pattern | None = None
    never: re.Pattern | None = None
    needed: bool = False
    sensitive: bool = False
    choices: tuple[str, ...] = ()
    blank: object = None


@dataclass(frozen=True)
class SheetKind:
    """One sheet of the workbook: `anchors` are the columns without which it is not that sheet."""

    key: str
    title: str
    names: frozenset[str]
    anchors: frozenset[str]
    fields: tuple[Field, ...]

    def field(self, key: str) -> Field:
        """The field of that key; KeyError when the sheet has none."""
        return next(field for field in self.fields if field.key == key)


def column(
    key: str,
    header: str,
    read: Callable[[Cell], Reading],
    synonyms: str = "",
    *,
    pattern: str = "",
    never: str = "",
    choices: str = "",
    **more: object,
) -> Field:
    """A field from words separated by spaces."""
    return Field(
        key,
        header,
        read,
        synonyms=frozenset([header.lower(), *synonyms.split()]),
        pattern=re.compile(pattern) if pattern else None,
        never=re.compile(never) if never else None,
        choices=tuple(choices.split()),
        **more,
    )


def choice(table: dict[str, str]) -> Callable[[Cell], Reading]:
    """A reader of one of a table's words; another word is a doubt."""
    return partial(choices.read_choice, table)


def needed_choice(table: dict[str, str]) -> Callable[[Cell], Reading]:
    """A reader of one of a table's words; another word is a fault."""
    return partial(choices.read_needed_choice, table)


STAFF_NO = column(
    "staff_no",
    N_("工号"),
    values.read_code,
    "教师工号 教工号 职工号 员工号 人员编号 教师编号 教职工编号 职工编号 教师代码 教职工号",
    pattern="工号$",
)
NAME = column(
    "name",
    N_("姓名"),
    values.read_name,
    "教师姓名 教职工姓名 教工姓名 老师姓名 职工姓名 人员姓名 名字 教师 教师名字 老师 name",
    pattern="姓名$",
    never="校长|负责人|配偶|家长|联系人|徒弟|导师",
    needed=True,
)
