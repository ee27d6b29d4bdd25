"""Forms of a school pair through its years."""

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange

from portal import labels
from portal.forms import LineField, PortalForm, ProseField, as_uuid, choices, clean_line

PLAN_ROWS = 8


class PlanForm(PortalForm):
    """Whom the schools intend to send: rows of school, name, post and content as plain fields."""

    def lines(self) -> list[dict]:
        """The rows that have a name; each text cut at what the table holds."""
        found = []
        for number in range(PLAN_ROWS):
            text = {
                name: clean_line(request.form.get(f"{name}-{number}", ""))[:longest]
                for name, longest in (("who", 40), ("post", 60), ("content", 200))
            }
            school = as_uuid(request.form.get(f"school-{number}"))
            if text["who"] and school:
                found.append({"school_id": school, **text})
        return found


class NeedForm(PortalForm):
    """What one of the two schools needs."""

    school = SelectField(_l("哪所学校的需求"))
    topic = SelectField(_l("类别"))
    text = LineField(_l("需要什么"), longest=300, needed=True)

    def __init__(self, *args, schools=(), **options):
        super().__init__(*args, **options)
        self.school.choices = [(str(school.id), school.name) for school in schools]
        self.topic.choices = choices(labels.NEED_TOPIC)


class CountForm(PortalForm):
    """A number of a day."""

    kind = SelectField(_l("类别"))
    day = DateField(_l("截至日期"), validators=[InputRequired()])
    number = IntegerField(_l("数量"), validators=[InputRequired(), NumberRange(0, 100000)])

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.kind.choices = choices(labels.PAIRING_COUNT)


class YearReviewForm(PortalForm):
    """What one school says of the year."""

    school = SelectField(_l("学校"))
    done = ProseField(_l("做了什么、有什么成效"), longest=5000, needed=True)
    problems = ProseField(_l("问题"), longest=5000)
    wish = RadioField(_l("接下来"), validators=[InputRequired()])

    def __init__(self, *args, schools=(), **options):
        super().__init__(*args, **options)
        self.school.choices = [(str(school.id), school.name) for school in schools]
        self.wish.choices = choices(labels.PAIRING_WISH)


class SchoolRenewalForm(PortalForm):
    """Until when a pair of schools goes on, and what changes."""

    ends_on = DateField(_l("续到哪一天"), validators=[InputRequired()])
    changes = ProseField(_l("有什么调整"), longest=5000)


class CycleSummaryForm(PortalForm):
    """What the time of a pair brought."""

    last_day = DateField(_l("总结到哪一天"), validators=[InputRequired()])
    achieved = ProseField(_l("成效"), longest=10000, needed=True)
    lessons = ProseField(_l("经验和问题"), longest=10000)
    commended = LineField(_l("表彰谁"), longest=300)
