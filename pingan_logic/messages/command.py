"""The words of the commands that bring data in, and of those that are cut short."""

from __future__ import annotations

from pingan_logic.messages.languages import Texts, in_languages

__all__ = ["TEXTS", "WORDS"]

TEXTS: Texts = {
    "written": ("已写出 {file}", "wrote {file}"),
    "good": ("{source}：没有问题", "{source}: no problems"),
    "bad": (
        "{source}：发现{n}个问题，没有判定",
        "{source}: problems found: {n}; nothing was judged",
    ),
    "mend": ("请改正后再检查。", "Correct them and check again."),
    "rows": ("  {table} {n}行", "  rows of {table}: {n}"),
    "of_kind": ("    {kind}{n}{measure}", "    {kind}: {n}"),
    "empty": ("  还没有填任何单位", "  no units are filled in yet"),
    "next": ("下一步", "Next"),
    "filled": ("填好后检查", "Check it when it is filled in"),
    "colon": "common.colon",
    "noted": ("（{note}）", " ({note})"),
    "to_check": ("再检查", "check again"),
    "to_correct": ("改好有把握的", "correct what is sure"),
    "to_explain": ("一个单位的依据", "reasons of one unit"),
    "to_fix": ("整改措施", "remedies"),
    "to_judge": ("判定", "judge"),
    "to_lint": ("检查规则的写法", "check the rules"),
    "to_list": ("达标率和名单的明细", "rates by area, and the lists"),
    "to_mark": ("标出问题", "mark the cells"),
    "to_missing": ("待补记录", "records needed"),
    "to_programme": ("目标任务", "targets"),
    "to_rosters": ("名单，用 Excel 打开", "for a spreadsheet"),
    "marked_name": "common.marked_name",
    "fixed_name": "common.fixed_name",
    "rosters_name": ("名单.csv", "lists.csv"),
    "reading": ("读取中 …", "reading …"),
    "marking": ("标注中 …", "marking …"),
    "marked": (
        "已写出 {file}，有问题的单元格标红并加批注",
        "wrote {file}; bad cells are red and commented",
    ),
    "fixed": (
        "已写出 {file}：更正{n}处（见“更正清单”），还有{left}个问题标红",
        "wrote {file}: {n} cells corrected (see the sheet corrections), {left} problems left "
        "and marked",
    ),
    "converted": (
        "已写出 {target}，读回核对一致：{rows}",
        "wrote {target}; reads back the same: {rows}",
    ),
    "judging": ("判定中 …", "judging …"),
    "searching": ("搜索中 …", "searching …"),
    "writing": ("写出中 …", "writing …"),
    "signal": ("已中断，没有留下写了一半的文件", "interrupted; no half-written file was left"),
    "time": (
        "已停止：超过时间上限{n}秒（--max-time）；规则或数据太大时可放宽，0为不限",
        "stopped: more than {n} seconds (--max-time); 0 lifts the limit",
    ),
    "memory": (
        "已停止：超过内存上限{n}MB（--max-memory）；规则可能使数据成倍增长，0为不限",
        "stopped: more than {n} MB of memory (--max-memory); the rules may multiply the data; "
        "0 lifts the limit",
    ),
}

WORDS = in_languages("command", TEXTS)
