"""``python -m tests.crash``: the whole crash matrix, and the figure it gives.

Ends with 1 where any rule is broken, with the line that does that strike again.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence

from so24.errors import ConfigurationError, WrongUse
from tests.crash.matrix import Figure, prepared_grounds, strike_all
from tests.crash.plan import BATCHES, DATABASES, Strike, list_strikes, read_strike
from tests.crash.striking import Outcome


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the strikes that the arguments name; the exit code."""
    options = _read_options(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # no worker outlives us
    try:
        strikes = _choose(options)
        figure = _strike(strikes, options)
    except (ConfigurationError, WrongUse) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    _tell(f"\n{figure.words}\n")
    for line in figure.unreached:
        _tell(f"not reached: {line}\n")
    for line in figure.breached:
        _tell(f'broken: python -m tests.crash --replay "{line}"\n')
    return 1 if figure.breached else 0


def _read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--database", choices=[*DATABASES, "both"], default="both")
    parser.add_argument("--seeds", type=int, default=3, help="so many strikes of each sort")
    parser.add_argument("--only", default="", metavar="POINT", help="places that begin like this")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="so many at once")
    parser.add_argument("--minutes", type=float, default=None, help="begin no strike after these")
    parser.add_argument("--replay", nargs="+", default=[], metavar="LINE", help="these strikes")
    return parser.parse_args(arguments)


def _choose(options: argparse.Namespace) -> list[Strike]:
    if options.replay:
        return [read_strike(line) for line in options.replay]
    databases = DATABASES if options.database == "both" else [options.database]
    return list_strikes(databases, options.seeds, options.only, BATCHES)


def _strike(strikes: Sequence[Strike], options: argparse.Namespace) -> Figure:
    with prepared_grounds(strike.database for strike in strikes) as (folder, grounds):
        figure = Figure()
        outcomes = strike_all(strikes, folder, grounds, options.jobs)
        for done, outcome in enumerate(outcomes, start=1):
            figure.add(outcome)
            if options.replay or outcome.breaches:
                _tell(f"\n{outcome.log}\n")
            _tell("".join(f"  {breach}\n" for breach in outcome.breaches))
            _tell_progress(done, len(strikes), outcome, figure)
            if options.minutes is not None and figure.minutes > options.minutes:
                outcomes.close()  # those under way are waited for, and not counted
                break
        return figure


def _tell_progress(done: int, of: int, outcome: Outcome, figure: Figure) -> None:
    broken = f", {len(figure.breached)} broken" if figure.breached else ""
    text = f"{done} of {of}{broken}: {outcome.strike.line} in {outcome.seconds:.1f} s"
    _tell(f"\r{text:<79.79}" if sys.stdout.isatty() else f"{text}\n")


def _tell(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
