"""The second factor: an app on the officer's phone, and codes on paper for when it is lost."""

from __future__ import annotations

import secrets
from typing import ClassVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac
from django_otp.oath import TOTP

RECOVERY_CODES = 8
# Letters and digits nobody takes for one another.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_NONCE, _TAG = 12, 16
# A phone's clock may be half a minute off.
_TOLERANCE = 1


class Authenticator(models.Model):
    """An officer's authenticator app; it counts once a code from it was given."""

    officer = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="authenticator"
    )
    secret = models.BinaryField(max_length=64)
    begun_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    # The half minute of the last code taken: none is taken twice.
    last_step = models.BigIntegerField(default=-1)

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("id", "begun_at", "confirmed_at", "last_step"), "personal"),
        "officer": "personal",
        "secret": "sensitive",
    }

    def __str__(self) -> str:
        return f"authenticator of {self.officer_id}"

    def step_of(self, code: str, instant: float) -> int | None:
        """The half minute a code belongs to, if it is right at this instant (seconds of 1970)
        and newer than the last one taken."""
        if not (code.isascii() and code.isdigit() and len(code) == 6):
            return None
        clock = TOTP(open_sealed(bytes(self.secret), self.officer_id))
        clock.time = instant
        found = clock.verify(int(code), tolerance=_TOLERANCE, min_t=self.last_step + 1)
        return int(clock.t()) if found else None


class RecoveryCode(models.Model):
    """One code on the officer's paper, as a digest; it opens the door once."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_codes"
    )
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    privacy: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("id", "officer", "used_at"), "personal"),
        "digest": "sensitive",
    }

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["officer", "digest"], name="recoverycode_once"),
        )

    def __str__(self) -> str:
        return f"recovery code of {self.officer_id}"


def random_word(length: int) -> str:
    """Letters and digits drawn by chance, about five bits each."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def code_digest(officer: int, code: str) -> str:
    """Of a recovery code. Twelve random letters need no slow hash: nobody tries 2^59 of them."""
    plain = "".join(code.split()).replace("-", "").lower()
    return salted_hmac("jiekun.recovery", f"{officer} {plain}", algorithm="sha256").hexdigest()


def sealed(secret: bytes, officer: int) -> bytes:
    """A secret under SM4-GCM, bound to its officer: nonce, ciphertext, tag."""
    nonce = secrets.token_bytes(_NONCE)
    work = Cipher(SM4(_key()), modes.GCM(nonce)).encryptor()
    work.authenticate_additional_data(str(officer).encode())
    return nonce + work.update(secret) + work.finalize() + work.tag


def open_sealed(content: bytes, officer: int) -> bytes:
    """The secret again. Raises ValueError when the key, the officer or the bytes are not those."""
    nonce, held, tag = content[:_NONCE], content[_NONCE:-_TAG], content[-_TAG:]
    work = Cipher(SM4(_key()), modes.GCM(nonce, tag)).decryptor()
    work.authenticate_additional_data(str(officer).encode())
    try:
        return work.update(held) + work.finalize()
    except InvalidTag:
        raise ValueError("the secret was sealed under another key, or changed since") from None


def _key() -> bytes:
    derive = HKDF(hashes.SM3(), length=16, salt=None, info=b"jiekun authenticator")
    return derive.derive(settings.SECRET_KEY.encode())
