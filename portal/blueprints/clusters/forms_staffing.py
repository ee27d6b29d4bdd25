"""Forms of the staffing pages: all subjects of a school in one table, and the question what a move would do."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from portal.forms import LineField, Optional, PortalForm

COLUMNS = ("subject", "need", "actual", "minimum")
MOST_LINES = 80


def _number(label) -> IntegerField:
    return IntegerField(label, validators=[Optional(), NumberRange(0, 500)])


def subjects_form(lines: list[dict], asked: int = 0) -> PortalForm:
    """A form of ``lines`` and three empty ones; ``asked`` is how many rows the sent form had."""
    count = min(max(asked, len(lines) + 3), MOST_LINES)

    class SubjectsForm(PortalForm):
        """Need, staff and minimum of each subject."""

        def validate(self, extra_validators=None) -> bool:
            """Numbers without a subject belong to nothing."""
            ok = super().validate(extra_validators)
            for row in self.rows:
                numbers = [row[name].data for name in COLUMNS[1:]]
                if not row["subject"].data and any(number is not None for number in numbers):
                    self.add_error(row["subject"].name, _("请填写学科"))
                    ok = False
            return ok

        @property
        def rows(self) -> list[dict]:
            """The fields of each line by column."""
            return [{name: self[f"{name}_{x}"] for name in COLUMNS} for x in range(count)]

        @property
        def lines(self) -> list[dict]:
            """What the action takes; a line without a subject is taken out."""
            return [
                {name: field.data for name, field in row.items()} for row in self.rows if row["subject"].data
            ]

    for x in range(count):
        setattr(SubjectsForm, f"subject_{x}", LineField(_l("学科"), longest=40))
        setattr(SubjectsForm, f"need_{x}", _number(_l("需要（人）")))
        setattr(SubjectsForm, f"actual_{x}", _number(_l("现有（人）")))
        setattr(SubjectsForm, f"minimum_{x}", _number(_l("最低（人）")))
    filled = {f"{name}_{x}": line[name] for x, line in enumerate(lines) for name in COLUMNS}
    return SubjectsForm(**filled)


class MoveForm(PortalForm):
    """Whom one would send, and where to; asked by address, so it carries no token."""

    class Meta(PortalForm.Meta):
        csrf = False

    person = LineField(_l("教师"), longest=120, needed=True)
    school = SelectField(_l("去哪所学校"), validators=[InputRequired()])

    def __init__(self, *args, schools=(), **options):
        super().__init__(*args, **options)
        self.school.choices = [("", _("请选择")), *((str(each.id), each.name) for each in schools)]
