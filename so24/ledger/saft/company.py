"""Whether a SAF-T file is of the company that it is put beside (pure)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from so24.firms.norwegian_numbers import bare_number, is_norwegian_number
from so24.language.said import say
from so24.ledger.saft.postings import SaftHead


@dataclass(frozen=True)
class KnownCompanies:
    """What so24 knows of organization numbers.

    ``by_client`` are those that people have said of companies, by Organization ID; ``own`` are all
    of the house (``SO24_SELLERS``), empty where nobody has set them; ``clients`` are the companies
    that keys reach.
    """

    by_client: Mapping[int, str]
    own: Collection[str]
    clients: Collection[int]

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


def find_wrong_company(
    head: SaftHead, client_id: int, company: str, known: KnownCompanies, stated: str
) -> str:
    """Why the file is not put beside the company, in one sentence; empty where it may be.

    ``stated`` is the number that a person has typed just now, and who does that knows: it counts
    more than what was said before, but no more than the house's own numbers.
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
    if stated:
        if bare_number(stated) == head.company_number:
            return ""
        return say("The export is of {name}, {number}, and not of {stated}.", stated=stated, **told)
    expected = known.number_of(client_id)
    if expected == head.company_number:
        return ""
    if expected:
        return say(
            "The export is of {name}, {number}, and not of {company}, whose organization number is "
            "{expected}.",
            expected=expected,
            **told,
        )
    return say(
        "The export is of {name}, {number}. so24 does not know yet whether that is {company}: if "
        "it is, give this organization number, once.",
        **told,
    )
