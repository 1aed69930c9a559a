"""The field map: which of RecMan's members is which field of ours. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from so24.errors import WrongUse
from so24.language.said import say
from so24.sources.recman.targets import (
    BY_NAME,
    COMPANY,
    CORPORATION,
    DEPARTMENT,
    EACH,
    INVOICE,
    LINE,
    LINES,
    PROJECT,
    TARGETS,
    USER,
    Kinds,
    WantedField,
)

FieldMap = Mapping[str, str]
Members = Mapping[str, Kinds]


def guess_map(members: Members, chosen: FieldMap) -> dict[str, str]:
    """``chosen`` where its members exist, completed by members whose names are likely."""
    found = {name: path for name, path in chosen.items() if path in choices(name, members, chosen)}
    taken = {(BY_NAME[name].scope, path) for name, path in found.items()}
    for target in TARGETS:
        if target.name in found:
            continue
        path = _guess(target, choices(target.name, members, found))
        if path and (target.scope, path) not in taken:
            found[target.name] = path
            taken.add((target.scope, path))
    return found


def choices(name: str, members: Members, chosen: FieldMap) -> list[str]:
    """The members that a field may be mapped to; a line's are those within the mapped lines."""
    scope = BY_NAME[name].scope
    if scope != LINE:
        return [path for path in members.get(scope, {}) if EACH not in path.split(".")]
    within = f"{chosen.get(LINES, '')}.{EACH}."
    inside = (path for path in members.get(INVOICE, {}) if path.startswith(within))
    return [path for path in inside if EACH not in path.removeprefix(within).split(".")]


def change_map(chosen: FieldMap, changes: FieldMap, members: Members) -> dict[str, str]:
    """The map with these changes; an empty member takes a field out.

    A line's member may be named without the path of the lines. Raises :class:`WrongUse` for a
    field that does not exist and for a member that was not found.
    """
    wanted = {**chosen, **{_known(name).name: path.strip() for name, path in changes.items()}}
    within = f"{wanted.get(LINES, '')}.{EACH}."
    for name in changes:
        path = wanted[name]
        if path and BY_NAME[name].scope == LINE and not path.startswith(within):
            wanted[name] = path = within + path
        if path and path not in choices(name, members, wanted):
            raise WrongUse(
                say(
                    "RecMan gives no member “{member}” for the field “{field}”. "
                    "`so24 recman members` lists those that it gives.",
                    member=path,
                    field=name,
                )
            )
    if wanted.get(LINES) != chosen.get(LINES):  # a line's members go with its lines
        for name in [name for name in wanted if BY_NAME[name].scope == LINE]:
            if wanted[name] and not wanted[name].startswith(within):
                del wanted[name]
    return {name: path for name, path in wanted.items() if path}


def missing_fields(chosen: FieldMap) -> list[str]:
    """What is still to be mapped before anything may be imported, each in a few words."""
    missing = [
        say("{label} ({name})", label=target.label, name=target.name)
        for target in TARGETS
        if target.required and target.name not in chosen
    ]
    if "customer_number" not in chosen:
        if "customer" not in chosen:
            missing.append(say("Customer (customer, or customer_number)"))
        else:
            missing += [
                say("{label} of the company ({name})", label=BY_NAME[name].label, name=name)
                for name in ("company.number", "company.name")
                if name not in chosen
            ]
    if not ("department" in chosen or {"project", "project.department"} <= chosen.keys()):
        missing.append(say("Department (department, or project with project.department)"))
    if ("line.quantity" in chosen) != ("line.unit_price" in chosen):
        missing.append(say("Quantity and price of the line, both or neither"))
    if "date" in chosen and chosen["date"] == chosen.get("due_date"):
        # totals that reconcile say nothing of dates
        missing.append(
            say(
                "Invoice date and due date from two members, not both from {member}",
                member=chosen["date"],
            )
        )
    return missing


def needed_registers(chosen: FieldMap) -> list[str]:
    """The scopes that must be read besides the invoices."""
    mapped = {BY_NAME[name].scope for name in chosen}
    needed = {
        COMPANY: "customer" in chosen,
        PROJECT: "project" in chosen,
        DEPARTMENT: True,
        USER: bool({"our_user", "project.our_user"} & chosen.keys()),
        CORPORATION: "department.corporation" in chosen,
    }
    return [scope for scope, wanted in needed.items() if wanted and scope in mapped]


def find_vanished(chosen: FieldMap, scope: str, found: Collection[str]) -> list[str]:
    """The mapped members of a scope, its lines included, that rows do not have any more."""
    scopes = {scope, LINE} if scope == INVOICE else {scope}
    return sorted(
        {
            path
            for name, path in chosen.items()
            if BY_NAME[name].scope in scopes and path not in found
        }
    )


def _known(name: str) -> WantedField:
    if name not in BY_NAME:
        raise WrongUse(
            say(
                "There is no field “{name}”. Fields are: {fields}.",
                name=name,
                fields=", ".join(BY_NAME),
            )
        )
    return BY_NAME[name]


def _guess(target: WantedField, paths: Collection[str]) -> str:
    """The member with the likeliest name, capitals and underscores aside; empty for none."""
    plain = {_plain(path.rpartition(f".{EACH}.")[2]): path for path in reversed(list(paths))}
    return next((plain[each] for each in map(_plain, target.guesses) if each in plain), "")


def _plain(path: str) -> str:
    return re.sub("_", "", path).casefold()
