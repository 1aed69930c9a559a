"""Names of firms and people: the words by which a name tells whose it is.

Letters in any case, signs, the legal form (AS, GmbH, Ltd …), small words such as *og* and words of
one letter tell nothing. Countries and what thousands of firms call themselves (*Bygg*, *Norge*,
*Holding*) tell nothing beside a word that does. A wrong *they share a word* costs more than a
question.
"""

from __future__ import annotations

import re
from functools import lru_cache

from so24.letters import fold

_NORWEGIAN = "as asa ans da sa ba bl enk nuf iks ks kf sf stiftelse"  # in English: data
_NORDIC = "ab hb kb ek aps ivs amba oy oyj ky tmi ehf hf slf"  # in English: data
_GERMAN = "gmbh mbh ag kg kgaa ohg gbr ug ev se co"  # in English: data
_ENGLISH = (
    "ltd limited plc llp lp cic inc incorporated corp corporation llc company"  # in English: data
)
_LATIN = "bv nv vof sarl sas sasu srl spa snc lda ltda sl slu eurl"  # in English: data
_EASTERN = "sp zoo sro kft zrt doo dd ooo ou uab sia eood ood"  # in English: data
_SMALL = frozenset(
    "og och and und et en the of av for der die das den det".split()  # noqa: SIM905 # in English: data
)
_LANDS = (
    "norge norges norway norwegian norsk norske nordic nordisk nordiske norden scandinavia "
    "scandinavian skandinavia skandinavisk sverige sweden svensk svenska danmark denmark dansk "
    "danske finland suomi island iceland deutschland germany deutsche europe europa european "
    "international global world"  # in English: data
)
_TRADES = (
    "avd avdeling bygg byg bau holding holdings group gruppe gruppen konsern invest eiendom "
    "eiendommer drift service services consulting consult management partner partners "
    "solutions"  # in English: data
)
_COMMON = frozenset(f"{_LANDS} {_TRADES}".split())
_FORMS = frozenset(" ".join((_NORWEGIAN, _NORDIC, _GERMAN, _ENGLISH, _LATIN, _EASTERN)).split())
_SIGNS_WITHIN = re.compile(r"[./'’]")


@lru_cache(10_000)  # an import compares the same names again and again
def name_words(name: str) -> frozenset[str]:
    """All words of a name but the legal form; two names are the same one where these are."""
    words = frozenset(_words_of(name))
    return words - _FORMS or words


@lru_cache(10_000)  # as above
def telling_words(name: str) -> frozenset[str]:
    """The words of a name that tell whose it is; all of them in one where none does.

    ``Nordvik Logistikk A/S`` gives *nordvik* and *logistikk*.
    """
    telling = {each for each in name_words(name) - _FORMS if len(each) > 1} - _SMALL
    whole = "".join(_words_of(name))
    return frozenset(telling - _COMMON or telling or filter(None, [whole]))


def share_a_word(one: str, other: str) -> bool:
    """Whether two names have a telling word in common."""
    return not telling_words(one).isdisjoint(telling_words(other))


def ends_in_legal_form(name: str) -> bool:
    """Whether the name is a firm's by its last word: *Nordvik AS*, *Müller GmbH*."""
    words = _words_of(name)
    return len(words) > 1 and words[-1] in _FORMS


def _words_of(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", _SIGNS_WITHIN.sub("", fold(name)))
