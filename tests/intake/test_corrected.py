"""`check --fix`: what can be meant in one way only is corrected and listed, the rest is marked."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pingan_logic.catalogue import Policy
from pingan_logic.cli import run
from pingan_logic.errors import alike, one_slip
from pingan_logic.export.corrected import corrected
from pingan_logic.intake.load import read_upload
from pingan_logic.intake.to_facts import to_facts
from tests.intake.books import good_book

SLIPS: dict[str, tuple[Any, Any, str]] = {
    "单位!B3": ("镇", "乡镇", "日常说法改为规定的用语"),
    "单位!D4": ("青竹镇", "T-01", "名称改为编号"),
    "单位!B7": ("平安家廷", "家庭", "只有一个相近的有效值"),
    "单位!D7": ("b-01", "B-01", "只有一个相近的有效值"),
    "事件!C2": ("邻里矛盾", "邻里纠纷", "日常说法改为规定的用语"),
    "事件!E3": ("2014.5.3", "2014-05-03", "改为规定的写法"),
    "事件!E4": ("2014/5/3 上午", "2014-05-03", "只有一个相近的有效值"),
    "得分!B2": ("2014年度", "2014", "改为规定的写法"),
    "得分!C2": ("84.99分", "84.99", "改为规定的写法"),
}


def book(**cells: Any) -> bytes:
    found = good_book()
    usual = {"事件!E3": "2014-05-03", "事件!E4": "2014-05-03", "台账!C3": 2014}
    cells = {**usual, **cells}
    for place, value in cells.items():
        sheet, _, cell = place.partition("!")
        found[sheet][cell] = value
    out = io.BytesIO()
    found.save(out)
    return out.getvalue()


def test_what_is_sure_is_corrected_and_listed(policy: Policy) -> None:
    data = book(**{place: old for place, (old, _, _) in SLIPS.items()})
    source = read_upload(data, "台账.xlsx")
    content, made, left = corrected("台账.xlsx", source, policy, "zh", content=data)
    assert (made, left) == (len(SLIPS), 0)
    again = openpyxl.load_workbook(io.BytesIO(content))
    listed = {r[0]: r[1:] for r in again["更正清单"].iter_rows(min_row=2, values_only=True)}
    assert listed == {place: (str(old), new, why) for place, (old, new, why) in SLIPS.items()}
    good = to_facts(read_upload(book(), "台账.xlsx"))
    assert to_facts(read_upload(content, "改好.xlsx")) == good
    assert again.sheetnames[-1] == "更正清单"


def test_what_can_mean_several_things_is_marked(policy: Policy) -> None:
    data = book(**{"事件!C2": "上访", "事件!E3": "2014.5.3", "得分!C2": "85%"})
    source = read_upload(data, "台账.xlsx")
    content, made, left = corrected("台账.xlsx", source, policy, "en", content=data)
    assert (made, left) == (1, 2)
    again = openpyxl.load_workbook(io.BytesIO(content))
    for cell in (again["事件"]["C2"], again["得分"]["C2"]):
        assert cell.fill.fgColor.rgb == "FFFFC7CE"
    assert again["事件"]["C2"].value == "上访"
    assert again["事件"]["E3"].value.isoformat()[:10] == "2014-05-03"
    assert again["corrections"]["D2"].value == "written in the usual form"


def test_nothing_to_correct_is_said(policy: Policy) -> None:
    data = book()
    source = read_upload(data, "a.xlsx")
    content, made, left = corrected("a.xlsx", source, policy, "zh", content=data)
    assert (made, left) == (0, 0)
    assert openpyxl.load_workbook(io.BytesIO(content))["更正清单"]["A2"].value == "没有需要更正的"


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "台账.xlsx", tmp_path / "改好.xlsx"
    source.write_bytes(before := book(**{"单位!B3": "镇", "单位!B7": "平安家廷"}))
    with pytest.raises(SystemExit) as stop:
        run(["check", str(source), "--fix", str(target)])
    assert stop.value.code == 2
    assert "更正2处" in capsys.readouterr().err
    assert source.read_bytes() == before
    with pytest.raises(SystemExit) as stop:
        run(["check", "--facts", str(target)])
    assert stop.value.code == 0
    capsys.readouterr()
    with pytest.raises(SystemExit) as stop:
        run(["check", str(source), "--fix", str(source)])
    assert stop.value.code == 2
    assert source.read_bytes() == before


@pytest.mark.parametrize(
    ("word", "choice", "slip"),
    [
        ("赌搏", "赌博", True), ("家庭家", "家庭", True), ("家", "家庭", False),
        ("building", "buildnig", True),
        ("buldng", "building", False), ("楼栋", "楼栋", False), ("abc", "abcd", True),
        ("abcd", "badc", False),
    ],
)  # fmt: skip
def test_one_slip_of_the_pen(word: str, choice: str, slip: bool) -> None:
    assert one_slip(word, choice) is slip
    assert one_slip(choice, word) is slip


def test_ids_that_look_alike() -> None:
    assert alike("t-O1", {"T-01", "V-01"}) == "T-01"
    assert alike("T-02", {"T-01"}) is None
