"""What can be asked: each question once.

Commands, bodies and queries of the service, its description, the page and docs/dev/questions.md are
made from it; the library has a function of the same name, whose signature a test holds beside it.
One module because it is one table, a row a question.
"""

from __future__ import annotations

from pingan_logic.questions.described import CLI, HTTP, LIBRARY, Input, Question

__all__ = ["AS_OF", "COMMON", "QUESTIONS", "YEAR"]

YEAR = Input(
    "year", "whole", "年度，默认数据中最近一年", "year to judge, by default the latest in the data",
    least=1949, most=9999, metavar="Y",
)  # fmt: skip
AS_OF = Input(
    "as_of", "text", "数据截止日，年末前为预评", "cut-off date; preliminary within a year",
    most=10, metavar="DATE",
)  # fmt: skip
COMMON = (YEAR, AS_OF)
"""What every question about data takes, beside the data and the rules."""

_UNIT = Input(
    "unit", "unit", "单位：编号、名称或名称的一部分", "a unit: its id, its name or a part of it",
    least=1, most=200, metavar="UNIT",
)  # fmt: skip
_SECONDS = Input(
    "time_limit", "whole", "搜索几秒；到时答出已证明的",
    "seconds of the search; it then says what is proven", 60, 1, 3600, metavar="S",
)  # fmt: skip
_SET = Input(
    "set", "settings", "改门槛、开关", "change a threshold or a switch", (), most=50,
    metavar="X(K)=V",
)  # fmt: skip
_EVERY = Input(
    "all", "flag", "列出全部单位", "name every unit", default=False, shows="every",
    faces=frozenset((CLI, HTTP)),
)  # fmt: skip
_HERE = frozenset((CLI, LIBRARY))
_LIBRARY = frozenset((LIBRARY,))

_QUESTIONS = (
    Question(
        "evaluate",
        "county",
        "判定全部单位并按类别汇总",
        "judge all units",
        "Assessment",
        (
            Input(
                "kind",
                "kind",
                "只列一类",
                "one kind only",
                most=200,
                metavar="K",
                shows="kind",
                faces=frozenset((CLI, HTTP)),
            ),
            Input(
                "status",
                "status",
                "只列一种结论",
                "one status only",
                shows="status",
                faces=frozenset((CLI, HTTP)),
            ),
        ),
        (
            (
                "evaluate --facts 填报表.xlsx --status failed",
                "全部未达标单位及原因",
                "all units that are not met, and why",
            ),
            (
                "evaluate --facts 填报表.xlsx --out 结果.csv",
                "结果用 Excel 打开",
                "results for a spreadsheet",
            ),
            (
                "evaluate --facts 数据/ --certificate 凭证.jsonl",
                "另写核验凭证，供 recheck 核验",
                "and a certificate for recheck",
            ),
            ("evaluate --facts - --json < data.json", "标准输入、JSON 输出", "from a pipe to JSON"),
        ),
        posted=True,
        got=True,
        light=True,
    ),
    Question(
        "explain",
        "unit",
        "说明一个单位为何达标、未达标或待核",
        "explain one unit",
        "Explanation",
        (
            _UNIT,
            _EVERY,
            Input(
                "details",
                "flag",
                "列出各单位的依据，不得公开",
                "reasons of each, internal",
                default=False,
                shows="details",
                faces=frozenset((CLI,)),
            ),
        ),
        (
            ("explain B-12", "样例县的一个楼栋", "a building of the sample county"),
            (
                "explain 青竹镇 --facts 填报表.xlsx",
                "按名称或名称的一部分查找",
                "find a unit by its name or part of it",
            ),
            (
                "explain 000000 --facts 我的数据/ --lang en",
                "全县汇总，英文",
                "the whole county, in English",
            ),
        ),
        bilingual=True,
        posted=True,
        got=True,
        light=True,
        sample={"unit": "B-1"},
    ),
    Question(
        "fix",
        "unit",
        "整改措施：工作量最小的方案，附证明",
        "the least effort that makes it met",
        "Remedy",
        (
            _UNIT,
            Input("alternatives", "whole", "方案数", "number of plans", 1, 1, 20, metavar="K"),
            Input(
                "level",
                "text",
                "分级的单位要达到哪一级：名次或名称，默认下一级",
                "the level to reach: rank or name, by default the next",
                least=1,
                most=200,
                metavar="L",
            ),
            _SECONDS,
            Input(
                "all",
                "flag",
                "列出全部单位",
                "name every unit",
                default=False,
                shows="every",
                faces=frozenset((CLI,)),
            ),
        ),
        (
            ("fix T-03", "一个乡镇怎样才能达标", "what makes a township met"),
            (
                "fix 青竹镇 --facts 填报表.xlsx --alternatives 3",
                "按名称查找，列出三个方案",
                "by name, three plans",
            ),
        ),
        bilingual=True,
        posted=True,
        sample={"unit": "B-1"},
    ),
    Question(
        "margin",
        "unit",
        "余量：再有几户未达标仍然达标，各条距要求多远",
        "how many more may fall short",
        "Margin",
        (_UNIT, _SECONDS),
        (
            ("margin C-01", "一个小区还有多少余量", "what a compound can lose"),
            (
                "margin 滨江小区 --facts 填报表.xlsx --json",
                "按名称查找，输出 JSON",
                "by name, as JSON",
            ),
        ),
        posted=True,
        sample={"unit": "B-1"},
    ),
    Question(
        "missing",
        "unit",
        "待补记录：补齐哪些，不论结果都有结论",
        "the records still needed",
        "Missing",
        (_UNIT, _SECONDS),
        (
            ("missing V-14", "一个村还缺哪些记录", "the records a village lacks"),
            ("missing 荷塘村 --facts 填报表.xlsx", "按名称查找", "by name"),
        ),
        posted=True,
        sample={"unit": "B-1"},
    ),
    Question(
        "programme",
        "county",
        "目标任务完成情况、逐年变化和各机关名单",
        "targets, trend and rosters",
        "Programme",
        (),
        (
            (
                "programme --facts 填报表.xlsx",
                "达标率、逐年变化和名单",
                "attainment, trend and rosters",
            ),
            (
                "programme --facts 填报表.xlsx --rosters --out 名单.csv",
                "名单用 Excel 打开",
                "rosters for a spreadsheet",
            ),
        ),
        bilingual=True,
        posted=True,
        got=True,
    ),
    Question(
        "whatif",
        "county",
        "改了会怎样：哪些单位的结论改变，因哪一条",
        "which verdicts would change",
        "WhatIf",
        (
            _SET,
            Input(
                "add",
                "rows",
                "增加的行，按表",
                "rows to add, by table",
                option="--change",
                metavar="FILE",
            ),
            Input(
                "remove",
                "rows",
                "去掉的行，按表",
                "rows to remove, by table",
                option="--change",
                metavar="FILE",
            ),
            Input(
                "policy_b",
                "rules",
                "与另一规则比较",
                "against another policy",
                metavar="NAME|DIR",
                faces=_HERE,
            ),
            Input(
                "facts_b",
                "data",
                "与另一数据比较",
                "against other data",
                metavar="PATH",
                faces=_HERE,
            ),
            Input(
                "year_b",
                "whole",
                "与另一年度比较",
                "against another year",
                None,
                1949,
                9999,
                metavar="Y",
            ),
        ),
        (
            (
                "whatif --set 'threshold(building_households)=95/100'",
                "改一个门槛",
                "with another threshold",
            ),
            (
                "whatif --facts 填报表.xlsx --year 2014 --year-b 2015",
                "比较两个年度",
                "compare two years",
            ),
        ),
        posted=True,
        sample={"set": ["threshold(building_households)=50/100"]},
    ),
    Question(
        "switches",
        "county",
        "每条适用口径影响几个单位",
        "try every switch",
        "Switches",
        (_SET,),
        posted=True,
    ),
    Question(
        "check",
        "file",
        "检查填报表：每个问题在哪个单元格、怎样改",
        "check data, list every problem",
        "Checked",
        (
            Input(
                "since",
                "data",
                "与上年数据比较，列出没有登记的增减、划转、更名",
                "unrecorded changes since other data",
                metavar="FILE|DIR|URL",
                faces=_HERE,
            ),
            Input(
                "encoding",
                "text",
                "不是 UTF-8 的 CSV、JSON 按此编码读，如 gb18030",
                "encoding of CSV and JSON that are not UTF-8",
                metavar="NAME",
                # on the command line it is an option of every command that reads data
                faces=_LIBRARY,
            ),
        ),
        (
            ("check 填报表.xlsx", "列出全部问题", "list every problem"),
            (
                "check 填报表.xlsx --annotate 标注.xlsx",
                "另存一份，把有问题的单元格标红并加批注",
                "also write a copy with the bad cells marked",
            ),
            (
                "check 填报表.xlsx --fix 改好.xlsx",
                "另存一份，把只有一种改法的都改好",
                "also write a copy in which all is corrected that can be meant in one way only",
            ),
            (
                "check 2015.xlsx --since 2014.xlsx",
                "列出没有登记变更的增减、划转、更名",
                "name changes of the register that no row records",
            ),
            (
                "check postgresql://user@host/pingan",
                "检查数据库（只读）",
                "check a database; it is only read",
            ),
        ),
        bilingual=True,
        posted=True,
    ),
    Question(
        "convert",
        "file",
        "转换格式：CSV、xlsx、xls、ods、json、数据库，内容不变",
        "convert data",
        "Facts",
        (
            Input(
                "target",
                "path",
                "写到哪里",
                "where it goes",
                metavar="B",
                faces=_LIBRARY,
                needed=True,
            ),
            Input(
                "csv_encoding",
                "encoding",
                "写出的 CSV 的编码",
                "encoding of the CSV written",
                "utf-8-sig",
                faces=_HERE,
            ),
        ),
        (
            ("convert 填报表.xlsx 数据/", "Excel 转 CSV 文件夹", "Excel to CSV"),
            ("convert 数据/ 填报表.xlsx", "CSV 文件夹转 Excel", "CSV to Excel"),
            (
                "convert 台账.xls sqlite:///台账.db",
                "旧版 Excel 转数据库",
                "an old workbook to a database",
            ),
            ("convert 填报表.xlsx - | less", "JSON 到标准输出", "JSON to a pipe"),
        ),
    ),
    Question(
        "certificate",
        "county",
        "写出核验凭证，供 recheck 核验",
        "write a certificate for recheck",
        "Certificate",
        (
            Input(
                "source",
                "path",
                "数据所在的文件，写明它们的摘要",
                "where the data stands as files, whose digests it names",
                faces=_LIBRARY,
            ),
        ),
        got=True,
    ),
    Question(
        "report",
        "county",
        "写出网页、名单或公示稿",
        "write a page, lists or a draft public notice",
        "Path",
        (
            Input(
                "path",
                "path",
                "写入的文件 .html .xlsx .docx .pdf",
                "file to write",
                faces=_LIBRARY,
                needed=True,
            ),
        ),
        (
            (
                "report --out 报告.html --facts 填报表.xlsx",
                "自成一体的网页",
                "a page that stands alone",
            ),
            (
                "report --out 报告.xlsx --facts 填报表.xlsx --year 2014",
                "2014年度的工作簿",
                "a workbook for 2014",
            ),
            (
                "report --posting --out 公示稿.pdf --facts 填报表.xlsx",
                "公示稿，打印用",
                "the draft public notice, to print",
            ),
        ),
    ),
    Question(
        "audit",
        "rules",
        "条文对照：通知的每一句由哪条规则回答",
        "the clause comparison",
        "AuditLedger",
        examples=(
            ("audit", "通知每一句的规则和检验用例", "the rules and cases of every sentence"),
            ("audit --html 对照.html", "写成网页", "as a page"),
        ),
        bilingual=True,
        got=True,
    ),
    Question(
        "lint",
        "rules",
        "检查规则文件的写法",
        "check how rule files are written",
        "Linted",
        examples=(
            ("lint", "检查自带的规则", "the shipped policy"),
            ("lint 我的规则/ --lang en", "检查自己的规则，英文", "rules of your own, in English"),
            ("lint 我的规则/ --format sarif", "供代码平台读取", "for a code host"),
            (
                "lint 我的规则/ --stdin --stdin-filename village.lp < 草稿.lp",
                "编辑器里还没有保存的文件",
                "a file that an editor has not saved yet",
            ),
        ),
        bilingual=True,
        got=True,
    ),
    Question(
        "test",
        "rules",
        "运行检验用例：给定数据，核对结论和依据",
        "run the test cases of a policy",
        "Tested",
        (
            Input(
                "path",
                "path",
                "检验用例所在的文件或文件夹",
                "where the cases stand",
                faces=_LIBRARY,
            ),
        ),
        (
            ("test", "全部检验用例", "all test cases"),
            ("test --junit 结果.xml", "另写 JUnit XML", "also write JUnit XML"),
        ),
        got=True,
    ),
    Question(
        "params",
        "rules",
        "门槛、分数线、目标、开关、工作量和所在的行",
        "parameters with clause, source and line",
        "Params",
        bilingual=True,
        got=True,
    ),
    Question(
        "show",
        "rules",
        "逐条列出通知原文和规则所写的意思，供不读规则的人核对",
        "set the words of each clause beside what the rules say",
        "Sentences",
        bilingual=True,
        got=True,
    ),
    Question(
        "expand",
        "rules",
        "把全部规则写成一份普通的 clingo 程序",
        "write out all rules as one program in plain clingo",
        "Expanded",
        bilingual=True,
    ),
    Question(
        "verify",
        "rules",
        "证明规则的性质，不成立的给出最小的反例数据",
        "prove properties of the rules",
        "Verification",
        (
            Input(
                "properties",
                "names",
                "只证这些性质",
                "these properties only",
                (),
                most=50,
                option="--property",
                metavar="NAME",
            ),
            Input("bound", "whole", "规模上限", "size of worlds", None, 1, 1000, metavar="N"),
            Input(
                "time_limit",
                "whole",
                "每次搜索的秒数",
                "seconds of each search",
                None,
                1,
                metavar="S",
                faces=_HERE,
            ),
            Input(
                "jobs", "whole", "并行数", "searches at a time", None, 1, metavar="N", faces=_HERE
            ),
        ),
        (
            ("verify", "证明全部性质", "prove every property"),
            (
                "verify --property one_status --bound 3",
                "只证一个，数据少一些",
                "one property, smaller worlds",
            ),
        ),
        bilingual=True,
        got=True,
    ),
)
QUESTIONS: dict[str, Question] = {q.name: q for q in _QUESTIONS}
"""The questions by name: of the command, the path of the service, the library's function."""
