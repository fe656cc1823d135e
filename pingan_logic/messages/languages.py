"""The texts of a namespace by language, each name with a text of its own or that of another."""

from __future__ import annotations

from collections.abc import Mapping

from pingan_logic.messages.common import TEXTS

__all__ = ["Texts", "in_languages"]

Texts = dict[str, "tuple[str, str] | str"]
"""By name a text in Chinese and English, or where it stands: `common.colon`."""


def in_languages(namespace: str, texts: Texts) -> dict[str, dict[str, str]]:
    """Return the texts of a namespace by language, `zh` and `en`, then by name."""
    homes: Mapping[str, Texts] = {"common": TEXTS, namespace: texts}

    def text(said: tuple[str, str] | str) -> tuple[str, str]:
        if isinstance(said, tuple):
            return said
        home, _, name = said.partition(".")
        return text(homes[home][name])

    found = {name: text(said) for name, said in texts.items()}
    return {lang: {k: v[n] for k, v in found.items()} for n, lang in enumerate(("zh", "en"))}
