"""Forms of what pairs do through their time: wishes, lists, checks, the private word, renewals, templates."""

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateField, IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange

from portal import labels
from portal.forms import LineField, Optional, PortalForm, ProseField, as_uuid, choices

PLACES = ("first", "second", "third", "fourth", "fifth")


class WishForm(PortalForm):
    """Whom somebody would like, the dearest first."""

    first = LineField(_l("第一意愿"), longest=90)
    second = LineField(_l("第二意愿"), longest=90)
    third = LineField(_l("第三意愿"), longest=90)
    fourth = LineField(_l("第四意愿"), longest=90)
    fifth = LineField(_l("第五意愿"), longest=90)
    capacity = IntegerField(_l("最多带几位"), default=1, validators=[Optional(), NumberRange(1, 10)])
    note = LineField(_l("想说的话"), longest=300)

    def chosen(self, name: str):
        """The key of the person that the script has put beside a name, or None."""
        return as_uuid(request.form.get(f"{name}-id"))


class PairListForm(PortalForm):
    """A pasted list, and what goes for rows that leave it open."""

    text = ProseField(_l("粘贴名单"), longest=60000)
    file = FileField(_l("或者选一个 Excel 文件"), validators=[Optional()])
    every_weeks = IntegerField(_l("多少周至少联系一次"), validators=[InputRequired(), NumberRange(1, 26)])
    starts_on = DateField(_l("开始日期"), validators=[InputRequired()])
    ends_on = DateField(_l("结束日期"), validators=[Optional()])


class SuggestionForm(PortalForm):
    """The agreement that the chosen lines of a suggestion begin with."""

    every_weeks = IntegerField(_l("多少周至少联系一次"), validators=[InputRequired(), NumberRange(1, 26)])
    starts_on = DateField(_l("开始日期"), validators=[InputRequired()])
    ends_on = DateField(_l("结束日期"), validators=[Optional()])
    goals = ProseField(_l("目标"), longest=5000)

    @property
    def agreement(self) -> dict:
        """What the action takes."""
        return {**self.values("every_weeks", "starts_on", "ends_on", "goals"), "subject": ""}


class ReviewForm(PortalForm):
    """What one of the two says half way or at the end."""

    reached = RadioField(_l("目标达到了吗"), validators=[InputRequired(message=_l("请选一项"))])
    progress = ProseField(_l("进展和收获"), longest=5000, needed=True)
    further = ProseField(_l("接下来怎么做"), longest=5000)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.reached.choices = choices(labels.REACHED)


class FitForm(PortalForm):
    """Whether the pairing suits; not seen by the other side."""

    answer = RadioField(_l("这样搭配合适吗"), validators=[InputRequired(message=_l("请选一项"))])
    text = ProseField(_l("想说的话"), longest=500)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.answer.choices = choices(labels.FIT)


class RenewalForm(PortalForm):
    """Until when a pair goes on, and for what."""

    ends_on = DateField(_l("续到哪一天"), validators=[InputRequired()])
    goals = ProseField(_l("新的目标"), longest=5000)


class TemplateForm(PortalForm):
    """A form for observed lessons: its name and its items, one a line."""

    name = LineField(_l("名称"), longest=60, needed=True)
    items = ProseField(_l("项目"), longest=4000, needed=True)


class SuggestForm(PortalForm):
    """What should be different in a template."""

    text = ProseField(_l("建议"), longest=500, needed=True)


class SheetForm(PortalForm):
    """A filled sheet: its items stand as fields ``item-0`` and so on."""

    def given(self) -> dict[int, str]:
        """What was filled in, by item number."""
        found = {}
        for name, value in request.form.items():
            number = name.removeprefix("item-")
            if name != number and number.isdecimal() and len(number) < 3:
                found[int(number)] = value[:2000]
        return found


def faults_words(faults) -> list[str]:
    """The faults of a row in the reader's language."""
    return [fault.text(_) for fault in faults]
