"""The figures of the small ledgers (S0-12, S0-16, S1-46, S1-60, S1-69): their words, and what they come to."""

from __future__ import annotations

from portal.domain.term_facts import Id, LedgerFact
from portal.domain.words import N_

#: Key, label, unit, definition.
LEDGER_FIGURES: tuple[tuple[str, str, str, str], ...] = (
    ("trainings", N_("培训期数"), N_("期"), N_("本学期台账里的培训，一次计一期。")),
    ("training_days", N_("培训天数"), N_("天"), N_("各期培训天数之和，没有登记天数的不计。")),
    (
        "training_person_times",
        N_("培训人次"),
        N_("人次"),
        N_("各期培训的人次之和。人数不相加，因为同一个人可能参加几期。"),
    ),
    ("publicity_items", N_("宣传报道"), N_("次"), N_("本学期台账里的宣传，一次计一次。")),
    ("funds_spent", N_("经费支出"), N_("元"), N_("本学期台账里支出的经费之和，申请和下拨的不计。")),
    ("support_measures", N_("保障措施"), N_("项"), N_("本学期台账里的保障措施。")),
    ("honours", N_("表彰奖励"), N_("项"), N_("本学期台账里的表彰和奖励。")),
)


def ledger_values(lines: list[LedgerFact]) -> dict[str, tuple[int | float, tuple[Id, ...]]]:
    """Figure -> its value and the ids of its lines. Money in yuan; persons are never added up."""

    def of(kind: str, flow: str | None = None) -> list[LedgerFact]:
        return [each for each in lines if each.kind == kind and flow in (None, each.flow)]

    trainings, spent = of("training"), of("fund", "spent")
    cents = sum(each.cents or 0 for each in spent)
    counted = {
        "trainings": (len(trainings), trainings),
        "training_days": (sum(each.days or 0 for each in trainings), trainings),
        "training_person_times": (sum(each.person_times or 0 for each in trainings), trainings),
        "publicity_items": (len(of("publicity")), of("publicity")),
        "funds_spent": (cents / 100 if cents % 100 else cents // 100, spent),
        "support_measures": (len(of("measure")), of("measure")),
        "honours": (len(of("honour")), of("honour")),
    }
    return {key: (value, tuple(each.id for each in rows)) for key, (value, rows) in counted.items()}
