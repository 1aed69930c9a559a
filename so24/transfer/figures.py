"""Figures for analysts: what has become of the documents of each week, right when, and why not.

Everything is counted by document, never by attempt. A document is of the week (Monday to Sunday,
Europe/Oslo) in which it first came in.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from so24.dates import OSLO
from so24.language.said import say
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.tables.transfer_tables import State
from so24.store.transfers.courses import Course, CourseFilter, list_courses


class DocumentStanding(enum.StrEnum):
    """How a document stands, as figures tell it; people read the values."""

    TRANSFERRED = say("transferred")
    IN_TRANSFER = say("in transfer")
    TRIED_LATER = say("tried again later")
    FAILED = say("last try failed")
    NOT_TRANSFERRED = say("not transferred")
    EXCLUDED = say("excluded")

    @classmethod
    def of(cls, course: Course) -> DocumentStanding:
        """What a document's course has come to; one that is excluded now was not transferred."""
        if course.state is State.TRANSFERRED:
            return cls.TRANSFERRED
        if course.state is not None and course.state.is_open:
            return cls.IN_TRANSFER
        if course.excluded:
            return cls.EXCLUDED
        if course.tried_later:
            return cls.TRIED_LATER
        failed = course.state is not None and course.state.is_failed
        return cls.FAILED if failed else cls.NOT_TRANSFERRED


@dataclass(frozen=True)
class WeekSum:
    """How many documents that came in the week from ``monday`` on stand so, and their sum."""

    monday: dt.date
    standing: DocumentStanding
    currency: str
    documents: int
    amount: Decimal


@dataclass(frozen=True)
class WeekQuality:
    """Of a week's documents: how many were tried to an end, and how many went at the first try.

    ``usual`` and ``slow`` are how long it took from import to *transferred*: half of those
    transferred took at most the one, nine of ten at most the other; None where none is.
    """

    monday: dt.date
    tried: int
    right_first: int
    transferred: int
    usual: dt.timedelta | None
    slow: dt.timedelta | None


@dataclass(frozen=True)
class FirstTryCause:
    """Why documents did not go at their first try, how many, and how many still have not gone."""

    title: str
    documents: int
    still: int


@dataclass(frozen=True)
class Figures:
    """What a period's documents have come to."""

    documents: int
    sums: tuple[WeekSum, ...]
    quality: tuple[WeekQuality, ...]
    causes: tuple[FirstTryCause, ...]


def read_figures(desk: Desk, wanted: CourseFilter) -> Figures:
    """The figures of the documents that a filter has."""
    with desk.reading(Permission.SEE_RECEIPTS) as session:
        courses = list_courses(session, wanted)
    return draw_figures(courses)


def draw_figures(courses: Sequence[Course]) -> Figures:
    """Count and add up; weeks in their order, the commonest cause first."""
    return Figures(
        documents=len(courses),
        sums=tuple(_sum_weeks(courses)),
        quality=tuple(_judge_weeks(courses)),
        causes=tuple(_count_causes(courses)),
    )


def monday_of(moment: dt.datetime) -> dt.date:
    """The Monday, in Oslo, of the week that a moment is in."""
    day = moment.astimezone(OSLO).date()
    return day - dt.timedelta(days=day.weekday())


def _sum_weeks(courses: Iterable[Course]) -> Iterable[WeekSum]:
    counts: Counter[tuple[dt.date, DocumentStanding, str]] = Counter()
    amounts: defaultdict[tuple[dt.date, DocumentStanding, str], Decimal] = defaultdict(Decimal)
    for course in courses:
        group = (monday_of(course.came_at), DocumentStanding.of(course), course.currency)
        counts[group] += 1
        amounts[group] += course.total
    order = list(DocumentStanding)
    for group in sorted(counts, key=lambda each: (each[0], order.index(each[1]), each[2])):
        yield WeekSum(*group, counts[group], amounts[group])


def _judge_weeks(courses: Iterable[Course]) -> Iterable[WeekQuality]:
    weeks: defaultdict[dt.date, list[Course]] = defaultdict(list)
    for course in courses:
        weeks[monday_of(course.came_at)].append(course)
    for monday, members in sorted(weeks.items()):
        tried = [each for each in members if _is_tried(each)]
        took = sorted(
            each.transferred_at - each.came_at
            for each in members
            if each.transferred_at is not None
            and DocumentStanding.of(each) is DocumentStanding.TRANSFERRED
        )
        yield WeekQuality(
            monday=monday,
            tried=len(tried),
            right_first=sum(_is_right_first(each) for each in tried),
            transferred=len(took),
            usual=_middle(took) if took else None,
            slow=took[-(-9 * len(took) // 10) - 1] if took else None,
        )


def _middle(durations: Sequence[dt.timedelta]) -> dt.timedelta:
    return dt.timedelta(seconds=median(each.total_seconds() for each in durations))


def _is_tried(course: Course) -> bool:
    """Whether its first try has come to an end that was not somebody's stop."""
    first = course.first_state
    return first is not None and not first.is_open and first is not State.CANCELLED


def _is_right_first(course: Course) -> bool:
    return course.first_state is State.TRANSFERRED


def _count_causes(courses: Iterable[Course]) -> Iterable[FirstTryCause]:
    counts: Counter[str] = Counter()
    still: Counter[str] = Counter()
    for course in courses:
        if _is_tried(course) and not _is_right_first(course):
            title = course.first_reason.card.title
            counts[title] += 1
            still[title] += DocumentStanding.of(course) is not DocumentStanding.TRANSFERRED
    for title, count in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
        yield FirstTryCause(title, count, still[title])
