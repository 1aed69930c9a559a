"""Count modules, lines and types of a checkout; only what its text says, nothing is imported."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

SHORT = 60
# Types that stand for one document on its way, from a file's row to a receipt's line: a class
# counts where it holds one document, or a part that stands for it (its order, what became of it),
# and is still defined in the checkout. Its present name and those it had stand in one row, so that
# a mere change of name counts once. Enumerations and what holds many documents do not count.
ONE_DOCUMENT = (
    ("LineGroup",),
    ("Bill",),
    ("SourceDocument",),
    ("Invoice",),
    ("Document",),
    ("InvoiceRow",),
    ("NewTransfer",),
    ("Transfer",),
    ("Entry",),
    ("TransferEvent",),
    ("Item", "LaneDocument"),
    ("NewOrder",),
    ("Order",),
    ("OrderToInvoice",),
    ("WrittenOrders",),
    ("SaveOutcome",),
    ("Judgement", "Match"),
    ("Prospect", "Forecast"),
    ("PreviewBlocked",),
    ("SeenDocument", "ShownDocument"),
    ("Task", "DocumentSteps"),
    ("Outgoing",),
    ("OurRow",),
    ("OurDocument",),
    ("LedgerLine",),
    ("TransferRow",),
    ("ReceiptLine",),
)
# the same for what one credit note credits
ONE_CREDITED = (
    ("Original",),
    ("Sibling",),
    ("Credited",),
    ("SiblingPool",),
    ("CreditQueue",),
    ("Going",),
    ("Target",),
    ("CreditedOrder", "CreditTarget"),
    ("KnownOrder",),
)


def main(root: Path) -> None:
    """Print all figures of the checkout at ``root``."""
    paths = sorted(
        [*(root / "so24").rglob("*.py"), *(root / "pages").glob("*.py"), root / "app.py"]
    )
    lengths = {path: len(path.read_text().splitlines()) for path in paths}
    trees = {path: ast.parse(path.read_text()) for path in paths}
    written = [path for path in paths if path.name != "__init__.py"]
    importers = _importers(root, trees)
    single = [path for path in written if len(importers.get(_name(root, path), ())) == 1]
    print(f"| {'modules':42} | {len(paths):6} |")
    print(f"| {'modules without the folders’ __init__':42} | {len(written):6} |")
    print(f"| {f'of these under {SHORT} lines':42} | {_count_short(written, lengths):6} |")
    print(f"| {'of these with one importer':42} | {len(single):6} |")
    both = [path for path in single if lengths[path] < SHORT]
    print(f"| {f'of these with one importer, under {SHORT} lines':42} | {len(both):6} |")
    print(f"| {'lines':42} | {sum(lengths.values()):6} |")
    for title, rows in (("one document", ONE_DOCUMENT), ("what it credits", ONE_CREDITED)):
        found = list(_defined(trees, rows))
        print(f"| {f'types for {title}':42} | {len(found):6} |")
        print(f"    {', '.join(found)}")


def _count_short(paths: list[Path], lengths: dict[Path, int]) -> int:
    return sum(lengths[path] < SHORT for path in paths)


def _name(root: Path, path: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _importers(root: Path, trees: dict[Path, ast.Module]) -> dict[str, set[str]]:
    """The modules that import each module, by its name."""
    names = {_name(root, path) for path in trees}
    found: dict[str, set[str]] = {}
    for path, tree in trees.items():
        for name in _imported(tree):
            target = name if name in names else name.rpartition(".")[0]
            found.setdefault(target, set()).add(_name(root, path))
    return found


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def _defined(trees: dict[Path, ast.Module], rows: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    """The types of these rows that the checkout defines, by the name that they have there."""
    classes = {
        node.name: path
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    for names in rows:
        yield from (name for name in names if name in classes)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
