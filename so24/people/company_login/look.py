"""Whether the company's provider answers, and says of itself what it has to."""

from __future__ import annotations

from so24.language.listing import list_with_or
from so24.language.said import say
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
        return False, say(
            "{issuer} is of no use now: {reason}", issuer=issuer, reason=refusal.reason
        )
    usable = [key for key in keys if (key.get("kty"), key.get("crv")) in KEY_TYPES.values()]
    if not usable:
        taken = list_with_or(KEY_TYPES)
        return False, say(
            "{issuer} answers, but has no key for {taken}: no sign-in can be believed",
            issuer=issuer,
            taken=taken,
        )
    return True, say(
        "{issuer} answers and has {usable} usable keys", issuer=issuer, usable=len(usable)
    )
