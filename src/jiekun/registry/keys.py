"""The key ring: how numbers and papers are sealed (SM4-GCM) and found again (keyed SM3)."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SM3, Hash
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings

ID, NONCE, TAG = 4, 12, 16


class KeyRingError(RuntimeError):
    """The ring cannot be used; says how to mend it."""


class SealError(RuntimeError):
    """What is sealed cannot be opened: another key, another owner, or it was altered."""


@dataclass(frozen=True)
class KeyRing:
    """Keys by their own fingerprint; new seals use `current`, old ones stay readable."""

    current: bytes
    sealing: Mapping[bytes, bytes]
    digesting: bytes

    def seal(self, plain: bytes, bound: str) -> bytes:
        """Key fingerprint, nonce, ciphertext and tag; opens only for the same `bound`."""
        key = self.sealing[self.current]
        return self.current + encrypted(key, plain, self.current + bound.encode())

    def unseal(self, sealed: bytes | memoryview, bound: str) -> bytes:
        """What was sealed for `bound`. Raises SealError."""
        sealed = bytes(sealed)
        used = sealed[:ID]
        if len(sealed) < ID + NONCE + TAG:
            raise SealError("密文不完整")
        key = self.sealing.get(used)
        if key is None:
            raise SealError(f"密钥文件里没有编号 {used.hex()} 的密钥，请从备份恢复密钥文件")
        return decrypted(key, sealed[ID:], used + bound.encode())

    def digest(self, kind: str, number: str) -> bytes:
        """Thirty-two bytes by which the same number of the same kind is found again."""
        made = _keyed(self.digesting).copy()
        made.update(f"{kind}:{number}".encode())
        return made.finalize()

    def with_new_key(self) -> KeyRing:
        """The same ring, sealing with a fresh key from now on."""
        key = secrets.token_bytes(16)
        return KeyRing(_name(key), {**self.sealing, _name(key): key}, self.digesting)


def encrypted(key: bytes, plain: bytes, bound: bytes) -> bytes:
    """SM4-GCM: nonce, ciphertext, tag."""
    nonce = os.urandom(NONCE)
    made = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    made.authenticate_additional_data(bound)
    return nonce + made.update(plain) + made.finalize() + made.tag


def decrypted(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    """What was encrypted under the same key and bound. Raises SealError."""
    if len(sealed) < NONCE + TAG:
        raise SealError("密文不完整")
    opened = Cipher(algorithms.SM4(key), modes.GCM(sealed[:NONCE], sealed[-TAG:])).decryptor()
    opened.authenticate_additional_data(bound)
    try:
        return opened.update(sealed[NONCE:-TAG]) + opened.finalize()
    except InvalidTag as problem:
        raise SealError("密文被改过，或不是这个人的，不能解开") from problem


@lru_cache(maxsize=4)
def _keyed(key: bytes) -> HMAC:
    return HMAC(key, SM3())


def _name(key: bytes) -> bytes:
    """A key's fingerprint: a ring that lacks the key says so instead of failing darkly."""
    return sm3(b"jiekun key" + key)[:ID]


def sm3(content: bytes) -> bytes:
    """The SM3 digest of some content: thirty-two bytes."""
    made = Hash(SM3())
    made.update(content)
    return made.finalize()


def ring() -> KeyRing:
    """The ring as its file now stands. Raises KeyRingError where that cannot be used."""
    path = Path(settings.KEY_FILE)
    try:
        found = path.stat()
    except FileNotFoundError:
        raise KeyRingError(
            f"没有密钥文件 {path}。新装的系统用 jiekun keys new 生成；"
            "已有数据的系统要从备份恢复，不能另生成"
        ) from None
    if found.st_mode & 0o077:
        raise KeyRingError(f"密钥文件 {path} 别人也能读，请先 chmod 600")
    return _read(path, found.st_mtime_ns, found.st_ino)


@lru_cache(maxsize=4)
def _read(path: Path, changed: int, inode: int) -> KeyRing:
    """Read again only when the file is another: every process sees a rotation at once."""
    try:
        kept = json.loads(path.read_text())
        keys = {bytes.fromhex(name): bytes.fromhex(key) for name, key in kept["sealing"].items()}
        found = KeyRing(bytes.fromhex(kept["current"]), keys, bytes.fromhex(kept["digesting"]))
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise KeyRingError(f"密钥文件 {path} 读不懂，请从备份恢复") from problem
    if found.current not in keys or any(_name(key) != name for name, key in keys.items()):
        raise KeyRingError(f"密钥文件 {path} 里的密钥与编号不符，请从备份恢复")
    return found


def make() -> bool:
    """Make the ring's file where there is none; False where there is one already."""
    path = Path(settings.KEY_FILE)
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    key = secrets.token_bytes(16)
    fresh = _written(KeyRing(_name(key), {_name(key): key}, secrets.token_bytes(32)), path)
    try:
        # A link fails if another process was first: all end up with the same keys.
        os.link(fresh, path)
    except FileExistsError:
        return False
    finally:
        fresh.unlink()
    return True


def add_key() -> KeyRing:
    """Put a fresh key into the file; nothing sealed before becomes unreadable."""
    path, grown = Path(settings.KEY_FILE), ring().with_new_key()
    _written(grown, path).replace(path)
    return grown


def _written(made: KeyRing, path: Path) -> Path:
    """The ring in a file of its own beside its place, safely on the disk."""
    text = json.dumps(
        {
            "current": made.current.hex(),
            "sealing": {name.hex(): key.hex() for name, key in made.sealing.items()},
            "digesting": made.digesting.hex(),
        },
        indent=1,
    )
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return fresh
