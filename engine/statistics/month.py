"""Calendar months."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of a year. Raises ValueError unless 1 <= month <= 12 and 1 <= year <= 9999."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 1 <= self.year <= 9999):
            raise ValueError(f"there is no month {self.month} of the year {self.year}")

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    @property
    def number(self) -> int:
        """Months since the year 0: neighbours differ by 1."""
        return self.year * 12 + self.month - 1

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    def later(self, months: int) -> Month:
        """So many months on; back where negative. Raises ValueError beyond the years 1 to 9999."""
        year, month = divmod(self.number + months, 12)
        return Month(year, month + 1)
