"""The words of the desk."""

from __future__ import annotations

from pingan_logic.messages.languages import Texts, in_languages

__all__ = ["TEXTS", "WORDS"]

TEXTS: Texts = {
    "html_lang": "common.lang",
    "title": ("{programme}判定工作台", "Desk for the {programme}"),
    "other_lang": ("English", "中文"),
    "skip": ("跳到选择文件", "go to choosing a file"),
    "privacy": (
        "数据只留在运行本程序的机器的内存里，不写入磁盘，不外传；离开本页或关闭程序即清除。",
        "The data stays in the memory of the machine that runs this program: it is not written "
        "to disk and not sent anywhere, and it is dropped when you leave this page or close "
        "the program.",
    ),
    "step_choose": ("一、选择填报表", "1. Choose the data workbook"),
    "choose": ("选择文件", "Choose a file"),
    "drop": ("也可以把文件拖到这里", "or drop it here"),
    "kinds": (
        "Excel、WPS 工作簿（xlsx、xls、et）、ods、csv，或装有这些文件的 zip 压缩包",
        "Excel or WPS workbooks (xlsx, xls, et), ods, csv, or a zip of these",
    ),
    "template": ("下载空白填报表", "Download an empty workbook"),
    "use_served": ("使用已打开的数据：{name}", "Use the data that is open already: {name}"),
    "token_label": ("本服务需要令牌", "This service needs a token"),
    "token_use": ("使用", "Use"),
    "token_hint": (
        "令牌由服务的管理人员提供，只留在本页。",
        "The people who run the service have it; it stays on this page.",
    ),
    "step_check": ("二、检查", "2. Check"),
    "opening": ("正在读入和检查 {name} ……", "Reading and checking {name} …"),
    "working": ("正在处理 ……", "Working …"),
    "good": ("{name} 可以使用", "{name} can be used"),
    "bad": ("{name} 有{n}个问题，未作任何判定", "{name} has {n} problems; nothing was judged"),
    "mend": (
        "请在原文件里改正以后，再选择一次。标注的一份把有问题的单元格标红并写明原因；改好的一份"
        "把只有一种改法的都改好，列在“更正清单”，其余标红。",
        "Mend them in the file, then choose it again. In the marked copy the bad cells are red "
        "and say why; in the corrected one all is mended that can be meant in one way only, "
        "and the rest is red.",
    ),
    "where": ("位置", "Place"),
    "what": ("问题", "Problem"),
    "said": ("提示（结果不受影响）", "Notes (the result stands)"),
    "rows": ("{table}：{n}行", "{table}: {n} rows"),
    "kind_rows": ("{kind} {n}", "{kind} {n}"),
    "marked": ("下载标注的一份", "Download the marked copy"),
    "fixed": ("下载改好的一份", "Download the corrected copy"),
    "again": ("重新选择", "Choose again"),
    "more": ("另有{n}个问题没有列出", "{n} more problems are not listed"),
    "step_result": ("三、结论", "3. Result"),
    "year": ("年度", "Year"),
    "downloads": ("下载", "Downloads"),
    "d_html": ("网页报告", "Report as a page"),
    "d_xlsx": ("名单和条款（Excel）", "Lists and clauses (Excel)"),
    "d_docx": ("拟授牌名单（公示稿）", "Draft list for public notice"),
    "d_cert": ("核验凭证", "Certificate"),
    "f_html": ("报告.html", "report.html"),
    "f_xlsx": ("名单.xlsx", "lists.xlsx"),
    "f_docx": ("公示稿.docx", "notice.docx"),
    "f_cert": ("核验凭证.jsonl", "certificate.jsonl"),
    "f_marked": "common.marked_name",
    "f_fixed": "common.fixed_name",
    "f_template": ("填报表.xlsx", "workbook.xlsx"),
    "programme": ("目标任务完成情况", "Targets and the three years"),
    "unit_ask": ("对这个单位", "About this unit"),
    "a_explain": ("全部依据", "Every clause with its basis"),
    "a_fix": ("整改措施", "Remedies"),
    "a_margin": ("余量", "Room to spare"),
    "a_missing": ("待补记录", "Records still needed"),
    "whatif": ("如果改一个门槛或适用口径", "With another threshold or reading"),
    "whatif_note": ("只是比较，不改规则。", "This only compares; the rules stay as they are."),
    "setting": ("改哪一条", "Change"),
    "value": ("改成", "to"),
    "compare": ("比较", "Compare"),
    "each": ("逐条口径各影响几个单位", "How many units each reading decides"),
    "reading": ("适用口径第{n}条 {text}", "Reading {n}: {text}"),
    "close": ("收起", "Close"),
    "failed": ("没有得到结果", "No result"),
    "offline": (
        "程序已经关闭，或连接中断。请重新打开程序，再选择文件。",
        "The program was closed or the connection broke. Open the program again and choose the "
        "file again.",
    ),
    "leave": ("清除数据", "Drop the data"),
    "left": ("数据已清除。", "The data was dropped."),
    "no_script": ("本页需要浏览器允许脚本。", "This page needs scripts."),
    "saved": ("已下载 {name}", "{name} was downloaded"),
}

WORDS = in_languages("desk", TEXTS)
