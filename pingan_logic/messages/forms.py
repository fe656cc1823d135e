"""The words of proposals of local forms."""

from __future__ import annotations

from pingan_logic.messages.languages import Texts, in_languages

__all__ = ["TEXTS", "WORDS"]

TEXTS: Texts = {
    "head": (
        "# 本地表格的对应，请逐行核对；存为数据旁的 columns.toml 即可使用。",
        "# How the local forms map. Go through it; saved beside the data as columns.toml it is "
        "used.",
    ),
    "known": ("# 表头都认识，不需要对应", "# all headers are known: nothing to map"),
    "guess": ("按内容推测，请核对", "from what it holds: check it"),
    "near": ("按名称推测，请核对", "from its name: check it"),
    "missing": (
        '# 没有找到的列：{names}；整张表都相同的，写一行 constants = {{ "年度" = 2014 }}',
        "# columns not found: {names}; what is the same in every row is said in a line "
        'constants = {{ "年度" = 2014 }}',
    ),
    "no_table": (
        "# 看不出是哪一张表；不是数据的工作表请删除，或改名为“填写说明”",
        "# it cannot be told which table this is",
    ),
    "word": ("请填本程序的用语", "write the word that is meant"),
    "several": (
        "不止一个意思，选一个填入，去掉行首的井号：",
        "may mean several: write one in, and take away the sign at the beginning: ",
    ),
}

WORDS = in_languages("forms", TEXTS)
