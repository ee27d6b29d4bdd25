"""One light form for each ledger: the fields that its kind has, and no others."""

from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, DecimalField, IntegerField, SelectField
from wtforms.validators import NumberRange

from portal import labels
from portal.domain.ledgers import CATEGORIES, FIELDS
from portal.forms import InputRequired, LineField, Optional, PortalForm, ProseField, as_uuid, choices

MOST = 1_000_000


class LedgerForm(PortalForm):
    """An entry; ``for_kind`` takes the fields of other kinds out."""

    title = LineField(_l("名称"), needed=True)
    held_on = DateField(_l("日期"), validators=[InputRequired()])
    last_day = DateField(_l("结束日期"), validators=[Optional()])
    school = SelectField(_l("学校"))
    category = SelectField(_l("类别"))
    place = LineField(_l("地点"), longest=80)
    days = IntegerField(_l("天数"), validators=[Optional(), NumberRange(1, 400)])
    persons = IntegerField(_l("人数"), validators=[InputRequired(), NumberRange(1, MOST)])
    person_times = IntegerField(_l("人次"), validators=[InputRequired(), NumberRange(1, MOST)])
    composition = LineField(_l("人员构成"), longest=200)
    audience = SelectField(_l("面向"))
    flow = SelectField(_l("收支"))
    source = SelectField(_l("来源"))
    amount = DecimalField(
        _l("金额（元）"), places=2, validators=[Optional(), NumberRange(Decimal("0.01"), 100_000_000)]
    )
    approver = LineField(_l("审批人"), longest=60)
    voucher = LineField(_l("凭证号"), longest=60)
    level = SelectField(_l("级别"))
    recipient = LineField(_l("获奖的人或单位"), needed=True)
    issuer = LineField(_l("颁发单位"))
    note = ProseField(_l("备注"), longest=500)

    def __init__(self, *args, kind: str, schools=(), for_all=False, **options):
        super().__init__(*args, **options)
        self.kind = kind
        for name in {name for names in FIELDS.values() for name in names} - set(FIELDS[kind]):
            del self[name]
        self.title.label.text = _(labels.LEDGER_TITLE[kind])
        if kind == "training":
            self.held_on.label.text = _("开始日期")
        self.school.choices = [("", _("整个片区"))] if for_all else []
        self.school.choices += [(str(school.id), school.name) for school in schools]
        words = {
            "category": {code: labels.LEDGER_CATEGORY[code] for code in CATEGORIES.get(kind, ())},
            "audience": labels.LEDGER_AUDIENCE,
            "flow": labels.LEDGER_FLOW,
            "source": labels.LEDGER_SOURCE,
            "level": labels.LEDGER_LEVEL,
        }
        for name, codes in words.items():
            if name in self:
                self[name].choices = choices(codes)
        if "category" in self:
            self.category.label.text = _(labels.LEDGER_CATEGORY_LABEL[kind])

    @property
    def entry_values(self) -> dict:
        """What the actions take: money in hundredths of a yuan."""
        values = self.values("title", "held_on", "note", *FIELDS[self.kind])
        if values.get("amount") is not None:
            values["amount"] = int((values["amount"] * 100).to_integral_value())
        return values | {"school_id": as_uuid(self.school.data)}

    @property
    def extra(self) -> list:
        """The fields that this kind has, in the order of its form."""
        return [self[name] for name in FIELDS[self.kind]]
