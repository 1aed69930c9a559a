"""A schedule as interfaces give it out."""

from __future__ import annotations

from so24.transfer.schedules.standing import ScheduleView


def record_schedule(view: ScheduleView) -> dict[str, object]:
    """The schedule with its times in UTC; ``last`` is None where it was not due yet."""
    last = view.last
    return {
        "what": view.kind,
        "key": view.name if view.key_id is not None else None,
        "active": view.active,
        "weekdays": sorted(view.times.days),
        "time": f"{view.times.clock:%H:%M}",
        "most_documents": view.most_documents,
        "most_amount": view.most_amount,
        "set_at": view.set_at,
        "set_by": view.set_by,
        "held": view.held,
        "next_at": view.next_at,
        "quiet": view.quiet,
        "last": None
        if last is None
        else {
            "at": last.moment,
            "ending": last.ending,
            "words": last.words,
            "run": last.run,
            "documents": last.documents,
            "left": last.left,
        },
    }
