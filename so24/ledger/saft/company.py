"""Whether a SAF-T file is of the company that it is put beside (pure)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from so24.firms.norwegian_numbers import bare_number, is_norwegian_number
from so24.language.said import say
from so24.ledger.saft.postings import SaftHead


@dataclass(frozen=True)
class KnownCompanies:
    """What so24 knows of organization numbers.

    ``by_client`` are those that files were put beside companies with, by Organization ID, each of
    one company (:func:`newest_numbers`); ``own`` are all of the house (``SO24_SELLERS``), empty
    where nobody has set them; ``clients`` are the companies that keys reach; ``names`` are what
    people call companies.
    """

    by_client: Mapping[int, str]
    own: Collection[str]
    clients: Collection[int]
    names: Mapping[int, str] = field(default_factory=dict)

    def number_of(self, client_id: int) -> str:
        """The number of a company; empty where it is not known for certain."""
        known = self.by_client.get(client_id, "")
        if not known and len(self.own) == 1 and list(self.clients) == [client_id]:
            return next(iter(self.own))
        return known

    def client_with(self, number: str) -> int | None:
        """The only company that this is known to be the number of."""
        found = [each for each in self.clients if self.number_of(each) == number]
        return found[0] if len(found) == 1 else None

    def name_other_with(self, number: str, client_id: int) -> str:
        """What another company that has this number is called; empty where none has it."""
        others = (each for each, has in self.by_client.items() if has == number)
        return next((self.names.get(each, str(each)) for each in others if each != client_id), "")


def newest_numbers(stated: Iterable[tuple[int, str]]) -> dict[int, str]:
    """The number of each company, of what was stated, by Organization ID, the newest first.

    A number is one company's: the newest statement has it, and the company that had it before has
    none then, since what was said of that has been corrected.
    """
    newest: dict[int, str] = {}
    for client_id, number in stated:
        if number:
            newest.setdefault(client_id, number)
    owners: dict[str, int] = {}
    for client_id, number in newest.items():  # in the order of their newest statements
        owners.setdefault(number, client_id)
    return {client_id: number for number, client_id in owners.items()}


def find_wrong_company(
    head: SaftHead,
    client_id: int,
    company: str,
    known: KnownCompanies,
    stated: str,
    *,
    corrects: bool = False,
) -> str:
    """Why the file is not put beside the company, in one sentence; empty where it may be.

    ``stated`` is the number that a person has typed just now: it answers what is not known, and
    contradicts nothing that is. ``corrects``: the person may and wants to correct what is known by
    it; the house's own numbers stand all the same.
    """
    told = {"name": head.company_name, "number": head.company_number, "company": company}
    if not is_norwegian_number(head.company_number):
        return say(
            "The export does not say of which company it is: “{number}” is no organization number.",
            **told,
        )
    if known.own and head.company_number not in known.own:
        return say(
            "The export is of {name}, {number}, which is none of your own companies. A System "
            "Administrator sets their organization numbers as SO24_SELLERS.",
            **told,
        )
    if stated and bare_number(stated) != head.company_number:
        return say("The export is of {name}, {number}, and not of {stated}.", stated=stated, **told)
    if not (corrects and stated):
        contradiction = _find_contradiction(head, client_id, known, told)
        if contradiction:
            return contradiction
    if stated or known.number_of(client_id):
        return ""
    return say(
        "The export is of {name}, {number}. so24 does not know yet whether that is {company}: if "
        "it is, give this organization number, once.",
        **told,
    )


def _find_contradiction(
    head: SaftHead, client_id: int, known: KnownCompanies, told: Mapping[str, str]
) -> str:
    """That the company has another number, or another company has this one; or empty."""
    expected = known.number_of(client_id)
    if expected and expected != head.company_number:
        return say(
            "The export is of {name}, {number}, and not of {company}, whose organization number is "
            "{expected}. If {expected} is wrong, a System Administrator corrects it by comparing "
            "this export with the number typed and the correction chosen.",
            expected=expected,
            **told,
        )
    other = known.name_other_with(head.company_number, client_id)
    if other:
        return say(
            "The export is of {name}, {number}, and so24 knows that as the organization number of "
            "{other}, not of {company}. If that is wrong, a System Administrator corrects it by "
            "comparing this export with the number typed and the correction chosen.",
            other=other,
            **told,
        )
    return ""
