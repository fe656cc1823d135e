"""How a question is described: its words, its inputs and its answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

__all__ = ["ALL", "CLI", "HTTP", "LIBRARY", "Input", "Question"]

CLI, HTTP, LIBRARY = "cli", "http", "library"
"""The faces: command line, service, library."""

ALL = frozenset((CLI, HTTP, LIBRARY))
_CHOICES = {
    "status": ("met", "failed", "undetermined"),
    "encoding": ("utf-8-sig", "gb18030"),
}


@frozen
class Input:
    """Something that a question takes.

    `form` is what it is: unit, kind, status, encoding, text, whole, flag, settings and
    names (texts), rows (by table), data, rules or path. `least` and `most` bound a whole number,
    the length of a text or the number of texts. `option` is its name on the command line, where
    that is another. A unit has to be given, and what is `needed`.
    `shows` is the parameter of `text()` and `to_dict()` of an input that changes how much of the
    answer is told, and not the answer.
    """

    name: str
    form: str
    zh: str
    en: str
    default: Any = None
    least: int | None = None
    most: int | None = None
    option: str = ""
    metavar: str | None = None
    shows: str = ""
    faces: frozenset[str] = ALL
    needed: bool = False

    @property
    def flag(self) -> str:
        """The option of the command line."""
        return self.option or f"--{self.name.replace('_', '-')}"

    @property
    def required(self) -> bool:
        """Whether it has to be given."""
        return self.needed or self.form == "unit"

    @property
    def words(self) -> str:
        """What it is, in both languages."""
        return f"{self.zh} / {self.en}"

    @property
    def choices(self) -> tuple[str, ...]:
        """The values of a choice."""
        return _CHOICES.get(self.form, ())


@frozen
class Question:
    """A question: what it is about (`of` a unit, county, rules or file), the type of the library's
    answer, whether its JSON holds `words` in a language, and how the service is asked: `posted` a
    body, `got` by an address. A `light` one with a small body is answered at once. `sample` is a
    body that runs, beside the data.
    """

    name: str
    of: str
    zh: str
    en: str
    returns: str
    inputs: tuple[Input, ...] = ()
    examples: tuple[tuple[str, str, str], ...] = ()
    bilingual: bool = False
    posted: bool = False
    got: bool = False
    light: bool = False
    sample: Mapping[str, Any] = field(factory=dict)

    @property
    def words(self) -> str:
        """What is asked, in both languages."""
        return f"{self.zh} / {self.en}"

    @property
    def about(self) -> str:
        """The first parameter of the library's function."""
        data = "facts" if self.returns == "Assessment" else "data"
        return {"rules": "policy", "file": "source"}.get(self.of, data)

    def taken(self, face: str) -> tuple[Input, ...]:
        """Return the inputs that a face takes."""
        return tuple(i for i in self.inputs if face in i.faces)

    def asked(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return those of the inputs `given` that the answer depends on."""
        return {i.name: given[i.name] for i in self.inputs if not i.shows and i.name in given}

    def text(self, answer: Any, given: Mapping[str, Any], lang: str) -> str:
        """Return an answer in words."""
        told: str = answer.text(lang, **self._shown(given, CLI))
        return told

    def to_dict(self, answer: Any, given: Mapping[str, Any], lang: str) -> dict[str, Any]:
        """Return an answer as JSON values."""
        words = [lang] if self.bilingual else []
        told: dict[str, Any] = answer.to_dict(*words, **self._shown(given, HTTP))
        return told

    def _shown(self, given: Mapping[str, Any], face: str) -> dict[str, Any]:
        return {i.shows: given[i.name] for i in self.taken(face) if i.shows and i.name in given}
