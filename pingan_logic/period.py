"""Which days one judgement looks at: the calendar year, or what a notice states instead."""

from __future__ import annotations

from datetime import date, timedelta

from attrs import frozen

from pingan_logic.messages.period import WORDS

__all__ = ["CALENDAR", "Period"]


@frozen
class Period:
    """A period begins on day `day` of month `month` and takes so many `years`; one of them begins
    in the year `first`, any year where it takes one. It is called by the year in which it begins.
    """

    month: int = 1
    day: int = 1
    years: int = 1
    first: int = 0

    def __attrs_post_init__(self) -> None:
        if self.years < 1:
            raise ValueError(self.years)
        date(2001, self.month, self.day)

    @property
    def calendar(self) -> bool:
        """Whether periods are calendar years."""
        return (self.month, self.day, self.years) == (1, 1, 1)

    def begins(self, year: int) -> date:
        """Return the first day of the period that begins in a year."""
        return date(year, self.month, self.day)

    def ends(self, year: int) -> date:
        """Return the last day of the period that begins in a year."""
        return self.begins(year + self.years) - timedelta(days=1)

    def of(self, day: date) -> int:
        """Return the year by which the period is called in which a day falls."""
        year = day.year - ((day.month, day.day) < (self.month, self.day))
        return year - (year - self.first) % self.years

    def holds(self, year: int, day: date) -> bool:
        """Whether a day falls in the period that begins in a year."""
        return self.begins(year) <= day <= self.ends(year)

    def is_called(self, year: int) -> bool:
        """Whether a period begins in a year."""
        return (year - self.first) % self.years == 0

    def around(self, year: int) -> int:
        """Return the year by which the period is called that begins in a year, or before it."""
        return year - (year - self.first) % self.years

    def day_in(self, year: int, month: int, day: int) -> date:
        """Return the first such day of the period that begins in a year."""
        found = date(year, month, day)
        return found if found >= self.begins(year) else date(year + 1, month, day)

    def said(self, year: int, lang: str) -> str:
        """Return what a period is called in words: 2014年度, 2014年7月—2016年6月."""
        if self.calendar:
            return WORDS[lang]["year_only"].format(year=year)
        return self.range_said(year, year, lang)

    def brief(self, year: int) -> str:
        """Return the period in figures, where there is little room: 2014, 2014.7—2016.6."""
        if self.calendar:
            return str(year)
        exact = self.day != 1
        days = (self.begins(year), self.ends(year))
        return "—".join(f"{d.year}.{d.month}" + f".{d.day}" * exact for d in days)

    def column(self, year: int, lang: str) -> str:
        """Return what a column about the period is called: 2014年度, 2014.7—2016.6."""
        return self.said(year, lang) if self.calendar else self.brief(year)

    def range_said(self, first: int, last: int, lang: str) -> str:
        """Return several periods, the first and the last of them, in words: 2012-2014年度."""
        if self.calendar:
            return WORDS[lang]["year_only"].format(year=f"{first}-{last}")
        exact = self.day != 1
        days = (_said(d, lang, exact=exact) for d in (self.begins(first), self.ends(last)))
        return WORDS[lang]["span"].format(**dict(zip(("first", "last"), days, strict=True)))

    def that(self, lang: str) -> str:
        """Return how a period is referred to that was named: 该年度, 这一期间."""
        return WORDS[lang]["that" if self.calendar else "that_period"]

    def end_named(self, lang: str) -> str:
        """Return how the end of a period is referred to: 年末, 期末."""
        return WORDS[lang]["end" if self.calendar else "end_of_period"]

    def end_said(self, year: int, lang: str) -> str:
        """Return the end of the period in words: 2014年末, 2016年6月30日."""
        w = WORDS[lang]
        return w["year_end"].format(year=year) if self.calendar else self.last_day(year, lang)

    def last_day(self, year: int, lang: str) -> str:
        """Return the last day of the period in words: 2014年12月31日."""
        return _said(self.ends(year), lang, exact=True)

    def shown(self, year: int) -> dict[str, dict[str, str]]:
        """Return the period as JSON values; nothing of a calendar year, which its name tells."""
        if self.calendar:
            return {}
        ends = self.ends(year).isoformat()
        return {"period": {"begins": self.begins(year).isoformat(), "ends": ends}}

    def length(self, lang: str) -> str:
        """Return how long a period is, in words."""
        w = WORDS[lang]
        key = "one_year" if self.years == 1 else "cycle"
        month = w[f"month{self.month}"]
        return w[key].format(n=self.years, month=month, day=self.day)


def _said(day: date, lang: str, *, exact: bool) -> str:
    w = WORDS[lang]
    key = "day" if exact else "month"
    return w[key].format(year=day.year, month=w[f"month{day.month}"], day=day.day)


CALENDAR = Period()
"""The calendar year."""
