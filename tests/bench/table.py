"""What the measured seconds say: medians, quartiles, and how fast a page is beside the bare one."""

import statistics
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Goal:
    """How fast something must be, in times the speed of what it is held beside, and how fast it should be."""

    must: float
    aim: float


@dataclass(frozen=True, slots=True)
class Measured:
    """One page.

    Args:
        seconds: of each round, in the order of the rounds.
        size_bytes: of its answer.
        beside: seconds of what it is held beside, each right before it; empty where one round asks all of a table.
    """

    path: str
    seconds: list[float]
    size_bytes: int
    goal: Goal | None = None
    beside: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle half of many figures."""

    low: float
    middle: float
    high: float

    @classmethod
    def of(cls, figures: list[float]) -> "Spread":
        """Return the quartiles."""
        return cls(*statistics.quantiles(figures, n=4))


def speed(page: Measured, bare: Measured) -> Spread:
    """Return how many times as fast as the bare page a page was, taken round by round; higher is faster."""
    return Spread.of([base / own for base, own in zip(page.beside or bare.seconds, page.seconds, strict=True)])


def verdict(found: Spread, goal: Goal) -> str:
    """Say whether a goal is reached; it is missed only where the whole middle half lies below it."""
    if found.middle >= goal.aim:
        return "aim reached"
    if found.middle >= goal.must:
        return "reached"
    return "missed" if found.high < goal.must else "in doubt: measure again"


def judged(found: Spread, goal: Goal) -> str:
    """Return a spread with its goal and whether that is reached."""
    spread = f"{found.middle:.2f} (quartiles {found.low:.2f} – {found.high:.2f})"
    return f"{spread}; goal {goal.must:.2f}, aim {goal.aim:.2f}: {verdict(found, goal)}"


def lines(bare: Measured, pages: list[Measured]) -> list[str]:
    """Return the table, one line for each page, the bare page first."""
    head = f"{'page':<32}{'bytes':>11}{'median ms':>11}{'quartiles':>19}{'speed':>8}{'quartiles':>15}  goal"
    return [head, *(_line(page, bare) for page in (bare, *pages))]


def _line(page: Measured, bare: Measured) -> str:
    took, found = Spread.of([1000 * second for second in page.seconds]), speed(page, bare)
    times = f"{took.middle:>11.1f}{f'{took.low:.1f} – {took.high:.1f}':>19}"
    speeds = f"{found.middle:>8.2f}{f'{found.low:.2f} – {found.high:.2f}':>15}"
    goal = f"{page.goal.must:.2f}, aim {page.goal.aim:.2f}: {verdict(found, page.goal)}" if page.goal else ""
    return f"{page.path:<32}{page.size_bytes:>11}{times}{speeds}  {goal}".rstrip()
