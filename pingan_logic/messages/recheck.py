"""The words of the command that rechecks certificates."""

from __future__ import annotations

from pingan_logic.messages.languages import Texts, in_languages

__all__ = ["TEXTS", "WORDS"]

TEXTS: Texts = {
    "verified": ("核验无误", "verified"),
    "canonical": (
        "核验器只读规范写法的数据：先运行 {command}，再核验写出的数据",
        "only canonical data is read: first run {command}, then recheck what it writes",
    ),
    "failed": ("核验不通过：{count}处", "not verified: {count} differences"),
    "more": ("……共{count}处", "... {count} in all"),
    "source": (
        "提示：原始文件 {name} 未直接核验，它的 sha256 应为 {hash}",
        "note: the source {name} itself is not checked; its sha256 should be {hash}",
    ),
    "working": ("核验中 …", "checking …"),
}

WORDS = in_languages("recheck", TEXTS)
