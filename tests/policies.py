"""Copies of the shipped policy, for tests to change: the shared rules and the notice in one folder,
where each file stands in place of the shipped one of its name."""

from __future__ import annotations

import shutil
from pathlib import Path

from pingan_logic.policy.new import new_policy
from pingan_logic.rules.find import base_folder, find_policy


def copy_policy(folder: Path | str, *without: str) -> Path:
    """Copy the shipped policy and the shared rules into `folder`, but for what `without` names."""
    leave = shutil.ignore_patterns(*without) if without else None
    for source in (base_folder(), find_policy(None)):
        shutil.copytree(source, folder, ignore=leave, dirs_exist_ok=True)
    return Path(folder)


def linked(folder: Path, name: str, rules: str) -> Path:
    """Return a folder beside `folder` with links to its files, and `rules` as `name`.lp."""
    made = folder.parent / name
    if not made.exists():
        made.mkdir()
        for path in folder.iterdir():
            (made / path.name).symlink_to(path)
        (made / f"{name}.lp").write_text(rules, encoding="utf-8")
    return made


INPUTS = """
input(residents,  village,   whole,      "常住人口",   "residents").
input_range(residents, 0, 100000).
input_unit(residents, "人", "people").
input(area,       village,   decimal(1), "面积",       "area").
input_unit(area, "亩", "mu").
input(area,       market,    decimal(1), "面积",       "area").
input(coverage,   village,   percent,    "监控覆盖率", "camera coverage").
input(guarded,    market,    yes_no,     "有安保人员", "guarded").
input(titled,     village,   date,       "授牌日期",   "day of the title").
lasting(titled).
input(survey,     village,   rank,       "测评名次",   "survey rank").
input(stars,      market,    choice,     "星级",       "stars").
input_choice(stars, 1, one,   "一星", "one star").
input_choice(stars, 2, two,   "二星", "two stars").
input_choice(stars, 3, three, "三星", "three stars").
on_claim(stars).
input(survey_limit, village, rank,       "测评名次要求", "survey rank required").
given_for_kind(survey_limit).

clause(village_survey, village, "三（一）3", "测评名次达到上级要求").
english(village_survey, "the survey rank meets the requirement").
finding(village_survey, village, U, failed, polled(failed)) :-
    standard(village,U), value(U,survey,Y,V), given(village,survey_limit,Y,R), year(Y), V > R.
finding(village_survey, village, U, met, polled(met)) :-
    standard(village,U), value(U,survey,Y,V), given(village,survey_limit,Y,R), year(Y), V <= R.
finding(village_survey, village, U, undetermined, no_poll) :-
    standard(village,U), year(Y), not surveyed(U).
surveyed(U) :- value(U,survey,Y,V), year(Y).
clause(market_guard, market, "三（三）3", "有安保人员，或为二星以上").
english(market_guard, "guarded, or two stars at least").
finding(market_guard, market, U, failed, polled(failed)) :- standard(market,U), not guarded(U).
finding(market_guard, market, U, met, polled(met)) :- standard(market,U), guarded(U).
guarded(U) :- value(U,guarded,Y,1), year(Y).
guarded(U) :- value(U,stars,Y,V), year(Y), V >= 2.
"""
"""What a notice may declare of the table of values: an item of each type, and rules to match."""


def policy_with_inputs(folder: Path) -> Path:
    """Make the policy of `policy new` in `folder`, with an item of each type."""
    new_policy(folder)
    (folder / "figures.lp").write_text(INPUTS, encoding="utf-8")
    notice = folder / "notice.txt"
    more = "3、测评名次达到上级要求。\\n3、有安保人员，或为二星以上。\\n"
    notice.write_text(notice.read_text(encoding="utf-8") + more, encoding="utf-8")
    return folder
