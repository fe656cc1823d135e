"""Clingo's messages in both languages: no English in the Chinese, and the text that is meant."""

from __future__ import annotations

import re
from pathlib import Path

import clingo
import pytest

from pingan_logic import Policy, PolicyError
from pingan_logic.errors import Problem
from pingan_logic.solving.asking import Asking
from pingan_logic.solving.complaints import character, complaint
from pingan_logic.solving.log import Log
from pingan_logic.solving.program import read_rules

CASES = {
    # the text; where, what is said in both languages, what is named
    "a(1,2": ("x.lp:1:2", "这个括号没有合上", "this bracket is not closed", "("),
    'a("(",\n2\nb(3).': ("x.lp:1:2", "这个括号没有合上", "this bracket is not closed", "("),
    "%* (see *%\na :- ,b.": ("x.lp:2:6-7", "语法错误：这里不应出现这个",
                             "syntax error: not expected here", ","),
    "a(b c).": ("x.lp:1:5-6", "语法错误，应为 “)”或“;”", "syntax error, expected ) or ;", "c"),
    'a("中文", b c).': ("x.lp:1:11-12", "语法错误，应为 “)”或“;”",
                      "syntax error, expected ) or ;", "c"),
    ":- a,,b.": ("x.lp:1:6-7", "语法错误：这里不应出现这个", "syntax error: not expected here",
                 ","),
    "a($).": ("x.lp:1:3-4", "语法错误：这里不应出现这个", "syntax error: not expected here", "$"),
    "#const x 1.": ("x.lp:1:10-11", "语法错误，应为 “=”", "syntax error, expected =", "1"),
    "a(X,Y) :- not b(X,Y), c.": (
        "x.lp:1:1-25", "变量不安全：没有一个肯定的条件限定它的值",
        "the variable is unsafe: no positive condition binds it", "X, Y"),
    'c("中"). a :- zz(1).': ("x.lp:1:14-19", "没有任何规则或事实定义这个谓词",
                            "no rule or fact defines this predicate", "zz(1)"),
    "a(1/0).": ("x.lp:1:3-6", "算式没有值：运算对象不是整数，或除数为零",
                "the operation has no value: an operand is no integer, or the divisor is zero",
                "(1/0)"),
    "b(1). a(N) :- b(N), N = #count{ N : b(N) }.": (
        "x.lp:1:33-34", "聚合中的变量是全局变量",
        "the variable of the aggregate is bound outside of it", "N"),
    'b(1). a :- #sum{ "x" : b(X) } > 0.': (
        "x.lp:1:18-21", "聚合里第一项不是整数，没有计入",
        "the first place of the tuple is no integer: it is not counted", '"x"'),
    "#const x=1. #const x=2.": ("x.lp:1:13-24", "常量定义了两次",
                                "the constant is defined twice", "#const x=2."),
    "#const x=y. #const y=x. a(x).": (
        "x.lp:1:1-12", "常量的定义绕回自己", "the constant is defined by itself", "#const x=y."),
}  # fmt: skip


@pytest.mark.parametrize("text", CASES)
def test_what_clingo_says(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.lp"
    path.write_text(text + "\n", encoding="utf-8")
    log = Log()
    control = clingo.Control(["--warn=all"], logger=log)
    try:
        control.load(str(path))
        control.ground([("base", [])])
    except RuntimeError:
        pass
    (found,) = log.problems()
    assert (found.place, found.zh, found.en, found.found) == CASES[text]
    assert not re.search("[A-Za-z]", found.zh)


def test_a_message_of_a_kind_unknown() -> None:
    texts = {"y.lp": "p(1).\nfoo bar.\n"}
    found = complaint("y.lp:2:5-8: error: something new:\n  about it", texts)
    assert found == Problem(
        "y.lp:2:5-8", "求解器不接受这里", "the solver does not accept this: something new:", "bar"
    )
    over = complaint("y.lp:1:2-2:3: error: something new", texts)
    assert over == Problem(
        "y.lp:1:2", "求解器不接受这里", "the solver does not accept this: something new"
    )
    none = complaint("no place: at all", {})
    assert none is not None
    assert (none.place, none.found) == ("no place", None)
    gone = complaint("gone.lp:9:2-3: error: something new", {})
    assert gone is not None
    assert (gone.place, gone.found) == ("gone.lp:9:1-1", None)
    assert complaint("grounding stopped because of errors", {}) is None


def test_columns_are_counted_in_characters(tmp_path: Path) -> None:
    assert [character("a中b", n) for n in (1, 2, 3, 5, 6)] == [1, 2, 2, 3, 4]
    path = tmp_path / "x.lp"
    path.write_text('a("中文", foo) :- b("文", X, (d;e)), X > 1.\n', encoding="utf-8")
    (rule,) = read_rules([path]).rules
    line = path.read_text(encoding="utf-8")
    named = {t.name: t.column for a in (*rule.head, *rule.body) for x in a.args for t in x.walk()}
    for name in ("foo", "X", "d", "e"):
        assert line[named[name] - 1 :].startswith(name)
    assert [line[a.column - 1] for a in (*rule.head, *rule.body)] == ["a", "b"]
    assert line[rule.comparisons[0].column - 1 :].startswith("X > 1")


def test_what_ends_the_search_is_told_in_chinese(tmp_path: Path) -> None:
    refusal = Log().refusal(RuntimeError("out of luck"))
    (problem,) = refusal.problems
    assert (problem.zh, problem.en) == ("求解失败", "solving failed: out of luck")


def test_what_is_added_to_a_search_is_refused_in_the_same_words(policy: Policy) -> None:
    asking = Asking(policy, [], ["verdict"], "")
    with pytest.raises(PolicyError) as caught:
        asking.add("p(X) :- not q(X).")
    (problem,) = caught.value.problems
    assert problem.found == "X"
    assert problem.zh == "变量不安全：没有一个肯定的条件限定它的值"
