"""The words of several namespaces."""

from __future__ import annotations

__all__ = ["TEXTS"]

TEXTS: dict[str, tuple[str, str] | str] = {
    "failed_clauses": ("未达标条款", "clauses not met"),
    "met": ("达标", "met"),
    "failed": ("未达标", "not met"),
    "reaches": ("达到{level}", "reaches {level}"),
    "undetermined": ("待核", "undetermined"),
    "colon": ("：", ": "),
    "comma": ("，", ", "),
    "list": ("、", ", "),
    "no_targets": ("通知没有定目标。", "The notice sets no target."),
    "open_bracket": ("（", " ("),
    "close_bracket": ("）", ")"),
    "kind": ("类别", "kind"),
    "target": ("目标", "target"),
    "semicolon": ("；", "; "),
    "year_only": ("{year}年度", "{year}"),
    "from_to": ("{first}—{last}", "{first} to {last}"),
    "to": ("～", " to "),
    "fewer_than": ("少于{n}起", "fewer than {n}"),
    "none": ("—", "-"),
    "and_more": ("等{n}个", "… {n} in all"),
    "more_units": ("等{n}个", " and others, {n} in all"),
    "members": ("{n}{measure}", "{n}"),
    "year": ("年度", "year"),
    "short": ("还差", "short"),
    "lang": ("zh-CN", "en"),
    "marked_name": ("标注.xlsx", "marked.xlsx"),
    "fixed_name": ("改好.xlsx", "corrected.xlsx"),
    "actual": ("实际", "actual"),
    "stop": ("。", "."),
    "at_least": ("不低于{n}", "at least {n}"),
}
