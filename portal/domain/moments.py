"""The district's clock: moments are UTC in the database, days are those of Shanghai."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(moment: datetime) -> datetime:
    """The moment as the district's clock shows it."""
    return moment.astimezone(SHANGHAI)


def local_day(moment: datetime) -> date:
    """The day on which the moment falls in the district."""
    return moment.astimezone(SHANGHAI).date()
