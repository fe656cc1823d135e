"""A folder of CSV files: the first byte chooses the table, the rest is its file."""

from __future__ import annotations

from pathlib import Path

from pingan_logic.model import TABLES
from pingan_logic.rules.find import data_folder
from tests.fuzz.checks import room
from tests.fuzz.mutate import TOKENS
from tests.fuzz.reading import read
from tests.fuzz.target import Target, target

_NAMES = list(TABLES)
_UNITS = """id,kind,name,parent,affiliation
T,township,青竹镇,,
V,village,荷塘村,T,
K,compound,滨江小区,V,
B,building,1栋,K,
H,household,,B,
S,school,青竹学校,T,county
"""
_ROWS = {
    "units": _UNITS + "",
    "incidents": "编号,单位,类型,等级,日期,责任单位,有无责任\n"
    "I-1,H,邻里纠纷,,2014年5月3日,,\nI-2,S,safety_accident,较大,2014/5/3,T,是\n",
    "ledgers": "unit,item,year\nT,*,2014\nS,刑事案件,2014年\n",
    "scores": "unit,year,score\nT,2014,84.99\nS,2014,92\n",
    "polls": "unit,year,result,rank\nT,2014,,2\nS,2014,达标,\n",
    "requirements": "kind,year,max_rank\ntownship,2014,3\n",
    "not_applicable": 'unit,clause,year,reason\nK,compound_buildings,2014,"没有,楼栋"\n',
    "changes": "unit,date,change,value\nB,2015-01-01,renamed,一栋\nH,2016-01-01,划转,K\n",
    "values": "单位,项目,年度,数值\nV,常住人口,2014,1200人\nS,guarded,2014年,是\n",
}


def _folder() -> Path:
    folder = room() / "csv"
    if not folder.is_dir():
        folder.mkdir()
    return folder


def _run(data: bytes) -> None:
    folder = _folder()
    table = _NAMES[data[0] % len(_NAMES)] if data else "units"
    (folder / "units.csv").write_text(_UNITS, encoding="utf-8")
    path = folder / f"{table}.csv"
    path.write_bytes(data[1:])
    try:
        read(folder, data)
    finally:
        path.unlink(missing_ok=True)


def _seeds(encoding: str) -> list[bytes]:
    made = [bytes([n]) + _ROWS[t].encode(encoding) for n, t in enumerate(_NAMES)]
    sample = data_folder("facts") / "sample-county"
    for n, table in enumerate(_NAMES):
        path = sample / f"{table}.csv"
        if path.exists():
            head = path.read_text(encoding="utf-8-sig").splitlines()[:4]
            made.append(bytes([n]) + "\r\n".join(head).encode(encoding))
    return made


_MORE = (b",", b'""', b'"', b"\n,,\n", b";", "编号".encode(), "名称".encode(), b"'" * 3 + b"=1")

target(Target("csv", lambda: _seeds("utf-8-sig"), _run, (*TOKENS, *_MORE), weight=18))
target(
    Target(
        "csv-gb18030",
        lambda: _seeds("gb18030"),
        _run,
        (*TOKENS, *_MORE, "平安楼栋".encode("gb18030"), b"\x81\x30\x81\x30", b"\x84\x31\xa4\x37"),
        weight=9,
    )
)
