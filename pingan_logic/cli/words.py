"""The words of the commands that bring data in, and of those that are cut short."""

from __future__ import annotations

__all__ = ["WORDS"]

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "written": "已写出 {file}",
        "template": "填好后检查：{command}",
        "good": "{source}：没有问题",
        "bad": "{source}：发现{n}个问题，没有判定",
        "mend": "下一步：改正后再检查。表格用 check 的 --annotate 标出问题，用 --fix 改好有把握的",
        "rows": "  {table} {n}行",
        "of_kind": "    {kind}{n}{measure}",
        "empty": "  还没有填任何单位",
        "next": "下一步：{command}",
        "reading": "读取中 …",
        "marking": "标注中 …",
        "marked": "已写出 {file}，有问题的单元格标红并加批注",
        "fixed": "已写出 {file}：更正{n}处（见“更正清单”），还有{left}个问题标红",
        "converted": "已写出 {target}，读回核对一致：{rows}",
        "judging": "判定中 …",
        "searching": "搜索中 …",
        "writing": "写出中 …",
        "signal": "已中断，没有留下写了一半的文件",
        "time": "已停止：超过时间上限{n}秒（--max-time）；规则或数据太大时可放宽，0为不限",
        "memory": "已停止：超过内存上限{n}MB（--max-memory）；规则可能使数据成倍增长，0为不限",
    },
    "en": {
        "written": "wrote {file}",
        "template": "fill it in, then: {command}",
        "good": "{source}: no problems",
        "bad": "{source}: problems found: {n}; nothing was judged",
        "mend": "Next: correct them and check again; for a workbook, check --annotate marks the "
        "cells and check --fix corrects what is sure",
        "rows": "  rows of {table}: {n}",
        "of_kind": "    {kind}: {n}",
        "empty": "  no units are filled in yet",
        "next": "next: {command}",
        "reading": "reading …",
        "marking": "marking …",
        "marked": "wrote {file}; bad cells are red and commented",
        "fixed": "wrote {file}: {n} cells corrected (see the sheet corrections), {left} problems "
        "left and marked",
        "converted": "wrote {target}; reads back the same: {rows}",
        "judging": "judging …",
        "searching": "searching …",
        "writing": "writing …",
        "signal": "interrupted; no half-written file was left",
        "time": "stopped: more than {n} seconds (--max-time); 0 lifts the limit",
        "memory": "stopped: more than {n} MB of memory (--max-memory); the rules may multiply the "
        "data; 0 lifts the limit",
    },
}
