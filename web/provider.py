"""Sign-in at an OpenID provider: the code flow with PKCE, state and nonce, by Authlib; what it tells is checked twice.

Only people whom an administrator has said to come in this way are let in, known from the first time on by the subject
that the provider gives them, which never passes to another person; a name may.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from caprev_web import trail
from caprev_web.models import User

if TYPE_CHECKING:
    from caprev_web.configuration import Provider

SIGNED = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
"""How a token may be signed: by a key that only the provider has."""
TOKEN = "provider-token"
"""What a session keeps of its sign-in: by it the provider knows which of its sessions is to end."""
WAIT = 10
"""Seconds for which the provider is waited for."""


class Refused(Exception):
    """Nobody is let in; says why, in words for the person at the browser."""


@lru_cache(4)
def _client(provider: Provider) -> Any:
    from authlib.integrations.django_client import OAuth

    client = OAuth().register(
        "provider",
        client_id=provider.client,
        client_secret=provider.secret,
        server_metadata_url=f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256", "default_timeout": WAIT},
    )
    return client


def _known(provider: Provider) -> Any:
    """The client, once the provider has said of itself what it should. Raises Refused, and what Authlib raises."""
    client = _client(provider)
    told = client.load_server_metadata()
    if told.get("issuer") != provider.issuer:
        client.server_metadata.clear()
        raise Refused("The provider calls itself otherwise than it is named here. Tell an administrator.")
    told["id_token_signing_alg_values_supported"] = sorted(
        SIGNED & set(told.get("id_token_signing_alg_values_supported") or ["RS256"])
    )
    return client


def begin(request: HttpRequest, back: str) -> HttpResponse:
    """Sends the browser to the provider, to come back to an address of the desk. Raises Refused."""
    with _told():
        answer: HttpResponse = _known(settings.PROVIDER).authorize_redirect(request, back)
        return answer


def person(request: HttpRequest) -> tuple[User, str]:
    """Who it is that came back, and the token that says so. Raises Refused."""
    provider: Provider = settings.PROVIDER
    if request.GET.get("error"):
        raise Refused("The provider did not let you in, or you turned back.")
    with _told():
        rules = {
            "iss": {"essential": True, "values": [provider.issuer]},
            "aud": {"essential": True, "values": [provider.client]},
        }
        token = _known(provider).authorize_access_token(request, claims_options=rules)
        claims = token.get("userinfo") or {}
    if not claims.get("sub"):
        raise Refused("The provider did not say who you are. Tell an administrator.")
    return _user(provider, claims), str(token["id_token"])


def leaving(token: str, back: str) -> str:
    """Where a person ends their session at the provider, who then sends them to an address of the desk; empty where the
    provider tells of no such place, or cannot be asked."""
    provider: Provider | None = settings.PROVIDER
    if provider is None or not token:
        return ""
    try:
        with _told():
            place = str(_known(provider).server_metadata.get("end_session_endpoint") or "")
    except Refused:
        return ""
    if urlsplit(place).scheme != urlsplit(provider.issuer).scheme:  # https, as the issuer is named
        return ""
    asked = {"id_token_hint": token, "client_id": provider.client, "post_logout_redirect_uri": back}
    return f"{place}{'&' if '?' in place else '?'}{urlencode(asked)}"


def _user(provider: Provider, claims: dict[str, Any]) -> User:
    subject, name = str(claims["sub"]), str(claims.get(provider.claim) or "")
    if provider.claim == "email" and claims.get("email_verified") is not True:
        name = ""
    with transaction.atomic():
        found = User.objects.filter(issuer=provider.issuer, subject=subject, single=True).first()
        if found is None:
            found = User.objects.select_for_update().filter(name=name, single=True, subject="").first()
            if found is not None and found.is_active:
                found.issuer, found.subject = provider.issuer, subject
                found.save(update_fields=["issuer", "subject"])
                trail.add(found, "known to the provider")
    if found is None or not found.is_active:
        trail.add(None, "sign-in refused", name=name[:60])
        raise Refused(f"The provider knows you{f' as {name}' if name else ''}, but this desk does not let you in. "
                      "Ask an administrator of the desk to add you.")  # fmt: skip
    return found


@contextmanager
def _told() -> Iterator[None]:
    """All that can go wrong with a provider becomes one thing to say; what it was goes to the log, without tokens."""
    try:
        yield
    except Refused:
        raise
    except Exception as error:  # of Authlib, joserfc, requests, and of answers that are none
        logging.getLogger("django.security").warning("sign-in at the provider failed: %s", type(error).__name__)
        text = "The sign-in at the provider did not work. Begin again; if it stays so, tell an administrator."
        raise Refused(text) from None
