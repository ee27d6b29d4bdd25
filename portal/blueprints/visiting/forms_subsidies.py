"""Forms of subsidies and of codes."""

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from portal.domain import subsidy
from portal.domain.subsidy import Tier
from portal.forms import LineField, PortalForm, ProseField, as_uuid, choices, clean_line, spoken

ROWS = 8
DIGITS = 6
#: What is typed is shown again up to here, though no number is so long.
LONGEST = 50


class ProposeForm(PortalForm):
    """An amount by decision."""

    person = LineField(_l("教师"), longest=100, needed=True)
    amount = IntegerField(_l("金额（元）"), validators=[InputRequired(), NumberRange(min=1, max=100000)])
    ground = ProseField(_l("理由"), longest=300, needed=True)

    @property
    def chosen_person(self):
        """The key of the person that the script has put beside the name, or None."""
        return as_uuid(request.form.get("person-id"))

    @property
    def asked(self) -> dict:
        """What the action takes."""
        return self.values("amount", "ground")


class TiersForm(PortalForm):
    """The table of amounts: by what it goes, and rows of (from, yuan), empty ones left out."""

    basis = SelectField(_l("按什么分档"))

    def __init__(self, *args, basis_now=None, tiers_now=(), **options):
        super().__init__(*args, basis=basis_now or "remoteness", **options)
        self.basis.choices = choices(subsidy.BASES)
        self.tiers = list(tiers_now)
        self.seen = _packed(tiers_now)
        self.rows = _typed() if self.is_submitted() else [(t.from_value, t.amount) for t in tiers_now]
        self.rows += [("", "")] * (ROWS - len(self.rows))

    @property
    def seen_tiers(self) -> list[Tier]:
        """What stood there when the page was made."""
        return _unpacked(request.form.get("seen", ""))

    def validate(self, extra_validators=None) -> bool:
        """Every row is a pair of whole numbers, each beginning once, each amount within the scheme's span."""
        ok = super().validate(extra_validators)
        self.tiers, begins = [], set()
        for number, (start, amount) in enumerate(self.rows, 1):
            if not (start or amount):
                continue
            if not (_is_number(start) and _is_number(amount)):
                self.add_error("", _("第 %(row)s 行的起点和金额都写整数", row=number))
            elif int(start) in begins:
                self.add_error("", _("第 %(row)s 行的起点和上面重复", row=number))
            else:
                begins.add(int(start))
                self._take(int(start), int(amount))
        return ok and not self.form_errors

    def _take(self, start: int, amount: int) -> None:
        wrong = subsidy.wrong_amount(amount)
        if wrong:
            self.add_error("", _(wrong.template, **spoken(dict(wrong.params))))
        self.tiers.append(Tier(start, amount))
        self.tiers.sort(key=lambda tier: tier.from_value)


def _typed() -> list[tuple[str, str]]:
    return [
        (
            clean_line(request.form.get(f"from-{n}", ""))[:LONGEST],
            clean_line(request.form.get(f"amount-{n}", ""))[:LONGEST],
        )
        for n in range(1, ROWS + 1)
    ]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= DIGITS


def _packed(tiers) -> str:
    return ";".join(f"{tier.from_value}:{tier.amount}" for tier in tiers)


def _unpacked(text: str) -> list[Tier]:
    found = []
    for part in text[:200].split(";"):
        start, _colon, amount = part.partition(":")
        if _is_number(start) and _is_number(amount):
            found.append(Tier(int(start), int(amount)))
    return found


class CodeForm(PortalForm):
    """The code of the day, as the teacher reads it at the school."""

    code = LineField(_l("签到码"), longest=12, needed=True)
