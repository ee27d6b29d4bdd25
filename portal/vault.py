"""Sealing of sensitive text: encrypted at rest with a data key that is apart from the session secret.

Every ciphertext carries the id of its key, so that keys can be changed without touching old rows.
"""

import hashlib
import hmac

from cryptography.fernet import Fernet
from sqlalchemy import LargeBinary, Text, TypeDecorator

_keys: dict[str, Fernet] = {}
_current = ""
_secret = b""


def key_id(key: bytes) -> str:
    """The short public name of a data key."""
    return hashlib.sha256(b"portal data key" + key).hexdigest()[:8]


def use_keys(keys: list[bytes]) -> None:
    """Set the data keys, the one for new text first. Called once, by ``create_app``."""
    global _current, _secret
    _keys.clear()
    _keys.update({key_id(key): Fernet(key) for key in keys})
    _current, _secret = key_id(keys[0]), keys[0]


def keyed_hash(text: str) -> bytes:
    """32 bytes that only who has the data key can compute from a text; another key gives others."""
    return hmac.digest(hashlib.sha256(b"portal keyed hash" + _secret).digest(), text.encode(), "sha256")


def seal(text: str) -> str:
    """Encrypt; the result is ``<key id>:<token>``."""
    return f"{_current}:{_keys[_current].encrypt(text.encode()).decode()}"


def unseal(sealed: str) -> str:
    """Decrypt. KeyError when the key is not here, InvalidToken when the text was changed."""
    name, _, token = sealed.partition(":")
    return _keys[name].decrypt(token.encode()).decode()


class SealedText(TypeDecorator):
    """A column whose text is encrypted in the database and plain in Python."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else seal(value)

    def process_result_value(self, value, dialect):
        return None if value is None else unseal(value)


class SealedBytes(TypeDecorator):
    """A column whose bytes are encrypted in the database and plain in Python."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else _current.encode() + b":" + _keys[_current].encrypt(value)

    def process_result_value(self, value, dialect):
        if value is None:
            return None
        name, _, token = bytes(value).partition(b":")
        return _keys[name.decode()].decrypt(token)
