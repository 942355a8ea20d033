"""The second factor beside a password: codes from a phone (TOTP), and recovery codes for when it is lost."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import segno
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django_otp import verify_token
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from caprev_web.models import Policy, Recovery, User

PHONE, RECOVERY = "password and code", "password and recovery code"
"""How somebody came in, as the trail says it."""
MANY, GROUPS, LETTERS = 10, 3, "abcdefghjkmnpqrstuvwxyz23456789"
"""So many recovery codes, of so many groups of four of these letters: none that is taken for another."""


def required() -> bool:
    """Whether everybody who signs in with a password needs a second factor."""
    return Policy.objects.filter(second_factor=True).exists()


def require(wanted: bool) -> None:
    """Decides it."""
    Policy.objects.update_or_create(pk=1, defaults={"second_factor": wanted})


def device(user: User) -> TOTPDevice | None:
    """A person's phone, if they have set one up."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


@dataclass(frozen=True)
class Offer:
    """A new key for a phone, as its owner sees it: to be photographed, tapped, or typed."""

    key: str
    address: str
    picture: str
    typed: str


def new_key() -> str:
    """A key for a phone, in hexadecimal figures."""
    return str(default_key())


def offer(user: User, key: str) -> Offer:
    """A key as it is shown."""
    address = TOTPDevice(user=user, key=key).config_url
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="white")
    plain = address.partition("secret=")[2].partition("&")[0]
    return Offer(key, address, picture, " ".join(plain[at : at + 4] for at in range(0, len(plain), 4)))


def begin(user: User, key: str, code: str) -> list[str]:
    """Sets up a phone that holds the key, if its code shows that it does: the recovery codes, or nothing."""
    made = TOTPDevice(user=user, name="phone", key=key, confirmed=True)
    clock = TOTP(made.bin_key)
    if not code.isdecimal() or not clock.verify(int(code), tolerance=1):
        return []
    with transaction.atomic():
        end(user)
        # The code that was just given opens nothing a second time.
        made.drift, made.last_t = clock.drift, clock.t()
        made.save()
        return renew(user)


def renew(user: User) -> list[str]:
    """New recovery codes in the place of those that there were. They are told this once."""
    told = ["-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(GROUPS)) for _ in range(MANY)]
    with transaction.atomic():
        user.recoveries.all().delete()
        Recovery.objects.bulk_create(Recovery(user=user, hashed=make_password(code)) for code in told)
    return told


def fits(user: User, code: str) -> str:
    """How a code lets somebody in: PHONE, RECOVERY (which is used up then), or not at all (empty)."""
    given = "".join(code.split()).lower()
    found = device(user)
    if found is None:
        return ""
    if given.isdecimal():
        return PHONE if verify_token(user, found.persistent_id, given) else ""
    if len(given.replace("-", "")) != 4 * GROUPS:
        return ""
    plain = given.replace("-", "")
    given = "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))
    for recovery in user.recoveries.all():
        # Of two who give it at one moment, one deletes it.
        if check_password(given, recovery.hashed) and Recovery.objects.filter(pk=recovery.pk).delete()[0]:
            return RECOVERY
    return ""


def end(user: User) -> bool:
    """Takes a person's second factor away; says whether there was one."""
    with transaction.atomic():
        user.recoveries.all().delete()
        return bool(TOTPDevice.objects.filter(user=user).delete()[0])
