"""Marked words and sentences: the domain says what, the page says it in a language."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def N_(msgid: str) -> str:
    """Mark a Chinese message id for extraction; translated where it is shown."""
    return msgid


def untranslated(msgid: str, /, **values: str) -> str:
    """The message in the language of its id."""
    return msgid % values if values else msgid


@dataclass(frozen=True)
class Message:
    """A translatable sentence and what fills it.

    Values are numbers, names, further `Message`s, or a tuple of these, which reads as an
    enumeration. Names stay as they are; a `Message` without values is a translatable word.
    """

    template: str
    params: tuple[tuple[str, object], ...] = ()

    def text(self, translate: Callable[..., str] = untranslated) -> str:
        """The whole sentence; `translate(message id, **values)` says it in the reader's language."""
        return translate(self.template, **{name: said(value, translate) for name, value in self.params})

    def __str__(self) -> str:
        return self.text()


def message(template: str, **params: object) -> Message:
    """A `Message` from keyword values."""
    return Message(template, tuple(params.items()))


def said(value: object, translate: Callable[..., str] = untranslated) -> str:
    """One value of a message as text; a tuple is joined with the language's enumeration mark."""
    if isinstance(value, Message):
        return value.text(translate)
    if isinstance(value, tuple):
        return translate(N_("、")).join(said(item, translate) for item in value)
    return str(value)


def packed(value: object) -> object:
    """A message, or a value of one, as plain JSON to be stored; ``unpacked`` gives it back."""
    if isinstance(value, Message):
        return {"says": value.template, "with": [[name, packed(item)] for name, item in value.params]}
    if isinstance(value, tuple):
        return [packed(item) for item in value]
    return value


def unpacked(stored: object) -> object:
    """What ``packed`` stored."""
    if isinstance(stored, dict):
        return Message(stored["says"], tuple((name, unpacked(item)) for name, item in stored["with"]))
    if isinstance(stored, list):
        return tuple(unpacked(item) for item in stored)
    return stored
