"""Whether the company's provider answers, and says of itself what it has to."""

from __future__ import annotations

from so24.people.company_login.id_token import KEY_TYPES
from so24.people.company_login.provider import Provider
from so24.people.company_login.words import CompanyLoginRefused
from so24.settings import Settings


def look_at_provider(settings: Settings) -> tuple[bool, str]:
    """Whether people can sign in by it now, and what was found; asks the provider."""
    issuer = settings.oidc_issuer
    try:
        keys, _ = Provider(issuer).keys()
    except CompanyLoginRefused as refusal:
        return False, f"{issuer} is of no use now: {refusal.reason}"
    usable = [key for key in keys if (key.get("kty"), key.get("crv")) in KEY_TYPES.values()]
    if not usable:
        taken = " or ".join(KEY_TYPES)
        return False, f"{issuer} answers, but has no key for {taken}: no sign-in can be believed"
    return True, f"{issuer} answers and has {len(usable)} usable keys"
