"""The map of the program is drawn from the program as it is."""

from __future__ import annotations

import re

from tests.core.test_structure import MAP, ROOT


def test_the_picture_is_of_today() -> None:
    said = "stale: python docs/architecture.py"
    assert MAP.PICTURE.read_text(encoding="utf-8") == MAP.picture(MAP.drawn()), said


def test_every_room_that_the_page_names_is_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = MAP.arrows().keys()
    flow = "\n".join(re.findall(r"^[0-9]+\. .+$", text, re.MULTILINE))
    named = set(re.findall(r"`([a-z_]+)[`/]", flow))
    assert {"solving", "intake", "bound"} <= named
    assert named - {"policies"} <= rooms
