"""Walk through the house with one invoice, against the sandbox, and count what it goes through.

Counted is what the thread calls that does the work, of ``so24`` without its sandbox. A *change of
module* is a call of a function in another module of ours than the one that was last at work, and
each return from there.
"""

from __future__ import annotations

import ast
import importlib
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

ROOT = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
OURS = f"{ROOT / 'so24'}/"
STRETCHES = ("dialog opens", "Send", "lane, one pass", "receipt", "lane, all known")
GUESTS = (f"{ROOT / 'so24' / 'sandbox'}/", f"{ROOT / 'so24' / 'store' / 'migrations'}/")


@dataclass
class Walk:
    """What one stretch has gone through."""

    modules: set[str] = field(default_factory=set)
    functions: set[CodeType] = field(default_factory=set)
    calls: int = 0
    changes: int = 0
    entered: dict[str, int] = field(default_factory=dict)
    last: str = ""

    def take(self, work: Callable[[], Any]) -> Any:
        """Do the work and follow it; returns what it returns."""
        sys.setprofile(self._follow)
        try:
            return work()
        finally:
            sys.setprofile(None)

    def _follow(self, frame: FrameType, event: str, _argument: object) -> None:
        code = frame.f_code
        name = code.co_filename
        if event != "call" or code.co_name.startswith("<") or not name.startswith(OURS):
            return  # what has no name of its own is part of the function that it stands in
        if name.startswith(GUESTS):
            return
        if self.last != name:
            self.changes += 1
            self.entered[name] = self.entered.get(name, 0) + 1
        self.last = name
        self.calls += 1
        self.modules.add(name)
        self.functions.add(code)

    def __add__(self, other: Walk) -> Walk:
        return Walk(
            self.modules | other.modules,
            self.functions | other.functions,
            self.calls + other.calls,
            self.changes + other.changes,
        )


def find(*names: str) -> Any:
    """The class or function of the checkout that has one of these names, wherever it stands."""
    for path in sorted((ROOT / "so24").rglob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.name in names:
                module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                return getattr(importlib.import_module(module), node.name)
    raise LookupError(f"nothing is called {' or '.join(names)}")


def _who_acts(installation: Any, actor: Any) -> tuple[Any, ...]:
    """What a service takes first: a desk, or in older checkouts the installation and the actor."""
    if not (ROOT / "so24" / "people" / "desk.py").exists():
        return (installation, actor)  # the command line's own desk was called so before
    return (find("Desk")(installation, actor),)


def walk_one_invoice(world: Any, actor: Any) -> dict[str, Walk]:
    """Show, send, work and read the first invoice of a customer; then the lane of a second one."""
    work_lane, lane_name = find("work_lane"), find("LaneName")
    department = world.add_department()
    key = world.add_key([department])
    ids = world.add_invoices(department, 1, first=1001, customers=1, products=2)
    opened = world.installation
    by = _who_acts(opened, actor)
    walks = {name: Walk() for name in STRETCHES}
    dialog, send, lane, receipt, known = walks.values()
    preview = dialog.take(lambda: find("preview_run")(*by, ids))
    shown = getattr(preview, "shown", None) or preview.seen
    expected = find("Confirmed", "Confirmation").of(shown)
    start_run, enqueue = find("start_run"), lambda session, name: None
    run = send.take(lambda: start_run(*by, ids, enqueue, expected=expected))
    lane.take(lambda: work_lane(opened, lane_name(run, key), ()))
    lines = receipt.take(lambda: find("read_receipt")(*by, run)).lines
    if [str(line.state) for line in lines] != ["transferred"]:
        raise RuntimeError(f"the invoice has not arrived: {lines}")
    second = world.start(world.add_invoices(department, 1, first=1100, customers=1, products=2))
    known.take(lambda: work_lane(opened, lane_name(second, key), ()))
    return walks


def main() -> None:
    """Print a table of the stretches, and which modules the lane enters most often."""
    from tests.benchmarks.settings import unhurried_settings
    from tests.transfer.world import ADMIN, make_world

    serve, open_installation = find("SandboxServer"), find("open_installation")
    with tempfile.TemporaryDirectory() as folder, serve(world=None) as server:
        installation = open_installation(unhurried_settings(Path(folder), server.address))
        walks = walk_one_invoice(make_world(installation, server.address), ADMIN)
        installation.close()
    print(f"| {'stretch':16} | modules | functions | calls | changes of module |")
    print(f"| {'---':16} | ---: | ---: | ---: | ---: |")
    first = [walk for name, walk in walks.items() if name != "lane, all known"]
    for name, walk in {**walks, "all of the first": sum(first, Walk())}.items():
        print(
            f"| {name:16} | {len(walk.modules):7} | {len(walk.functions):9} | {walk.calls:5} "
            f"| {walk.changes:17} |"
        )
    print("The lane enters most often:")
    entered = walks["lane, one pass"].entered
    for module in sorted(entered, key=lambda each: -entered[each])[:60]:
        print(f"  {entered[module]:4}  {module.removeprefix(OURS)}")


if __name__ == "__main__":
    main()
