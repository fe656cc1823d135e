"""Errors go from worker processes to the one that asked: whole, whatever reader raised them."""

from __future__ import annotations

import copy
import pickle
import pkgutil
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import pingan_logic
from pingan_logic import PinganError, Policy
from pingan_logic.errors import InputError, LimitError, PolicyError, Problem, RequestError
from pingan_logic.intake.source import CellPlace

BAD = sorted(p for p in (Path(__file__).parents[1] / "bad_input").iterdir() if p.is_dir())
PLACES = ("facts", CellPlace("单位", 7, 3, "上级"), CellPlace.in_csv("units.csv", 2, 1, "kind"))


def classes() -> dict[str, type[BaseException]]:
    """Return every class of errors that the library defines."""
    found: dict[str, type[BaseException]] = {}
    for part in pkgutil.walk_packages(pingan_logic.__path__, "pingan_logic.", onerror=print):
        if part.name.startswith("pingan_logic.spark") or part.name.endswith("__main__"):
            continue
        try:
            module = import_module(part.name)
        except ImportError:  # of an extra
            continue
        for value in vars(module).values():
            is_error = isinstance(value, type) and issubclass(value, BaseException)
            if is_error and value.__module__ == part.name:
                found[f"{part.name}.{value.__qualname__}"] = value
    return found


CLASSES = classes()


def made(kind: type[BaseException]) -> BaseException:
    """Return an error of a class with something in each of its places."""
    if issubclass(kind, PinganError):
        return kind([Problem(p, "中文", "English", "x", "y", ("a", "b")) for p in PLACES], 3)
    for arguments in (("中文", "English", "x", "y"), ("x", "中文", "English"), ("words",)):
        try:
            return kind(*arguments)
        except TypeError:
            continue
    raise AssertionError(f"{kind} is made in another way: say how")


def test_the_classes_are_found() -> None:
    ours = {"InputError", "LimitError", "PinganError", "PolicyError", "RequestError"}
    assert {f"pingan_logic.errors.{name}" for name in ours} <= set(CLASSES)
    assert len(CLASSES) >= 8


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_an_error_of_each_class_survives_the_way_between_processes(name: str) -> None:
    error = made(CLASSES[name])
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        again: Any = pickle.loads(pickle.dumps(error, protocol))
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert vars(again) == vars(error)


@pytest.mark.parametrize("kind", [InputError, LimitError, PolicyError, RequestError])
def test_places_keep_what_they_know(kind: type[PinganError]) -> None:
    error: Any = made(kind)
    for again in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):
        assert again.words("zh") == error.words("zh")
        assert again.words("en") == error.words("en")
        assert again.more == 3
        cell, row = again.problems[1].place, again.problems[2].place
        assert (type(cell), cell.sheet, cell.row, cell.column) == (CellPlace, "单位", 7, 3)
        assert (type(row), row.sheet, row.row, row.column) == (CellPlace, "units.csv", 2, 1)


def test_every_kind_of_bad_data_is_said_the_same_after_the_way(policy: Policy) -> None:
    raised: list[PinganError] = []
    for case in BAD:
        document = case / "data.json"
        try:
            pingan_logic.load_facts(document if document.exists() else case, policy)
        except PinganError as error:
            raised.append(error)
    assert len(raised) > 80
    for error in raised:
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), again.words("zh")) == (type(error), error.words("zh"))
