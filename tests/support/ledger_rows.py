"""One line of a ledger for the populated world."""

from datetime import date

from portal.models import LedgerEntry


def fill(add, base: dict, word: str, *, cluster, term, school, head) -> None:
    """A training, a spending and an honour of a member school with every text that a line can have."""
    add(
        "ledger",
        LedgerEntry(
            **base,
            cluster_id=cluster.id,
            term_id=term.id,
            school_id=school.id,
            created_by_id=head.id,
            kind="training",
            title="培训" + word,
            held_on=date(2025, 10, 10),
            category="teaching",
            persons=3,
            person_times=5,
            place="地点" + word,
            composition="构成" + word,
            note="备注" + word,
        ),
    )
    facts = {"cluster_id": cluster.id, "term_id": term.id, "school_id": school.id, "created_by_id": head.id}
    facts |= {"title": "其他" + word, "held_on": date(2025, 10, 11)}
    add(
        "ledger_fund",
        LedgerEntry(
            **base,
            **facts,
            kind="fund",
            flow="spent",
            source="own",
            cents=100,
            approver="审批" + word,
            voucher="凭证" + word,
        ),
    )
    add(
        "ledger_honour",
        LedgerEntry(
            **base,
            **facts,
            kind="honour",
            level="district",
            recipient="获奖" + word,
            issuer="颁发" + word,
        ),
    )
