"""A notice of one standard, made from the one that `policy new` makes, and asked everything."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from click.testing import CliRunner

from pingan_logic.cli import main
from pingan_logic.policy.new import new_policy

__all__ = ["ask_everything", "one_standard"]

_TITLE = "关于开展平安临江创建活动的通知"


def one_standard(
    where: Path, kind: str, place: str, title: str, *, standard: str, rules: str, case: str
) -> Path:
    """Write the notice: units of a kind are judged by `rules`, which stand in one paragraph
    `standard` under `place`; without targets and bodies."""
    made = where / "linjiang-2020"
    new_policy(made)
    for name in ("village", "household", "market"):
        (made / f"{name}.lp").unlink()
    kept = (made / "programme.lp").read_text(encoding="utf-8").splitlines(True)
    head = place.removeprefix("三") + title
    written = {
        "cases/linjiang.yaml": case,
        "notice.txt": f"{_TITLE}\n\n三、创建标准\n\n{head}\n\n{standard}\n",
        "notice.md": f"# {_TITLE}（虚构）\n\n## 三、创建标准\n\n"
        f"**[{place}]** {head}\n\n**[{place}1]** {standard}\n",
        "coverage.lp": "%*!\n条文对照 / the clause ledger.\n*%\n"
        f'answers_text(kind({kind}), "{place}", "{title}").\n',
        f"{kind}.lp": rules,
        "programme.lp": "".join(x for x in kept if not x.startswith(("target", "role"))),
    }
    for name, text in written.items():
        (made / name).write_text(text, encoding="utf-8")
    return made


def ask_everything(folder: Path, data: Path, asked: Sequence[tuple[str, str, str]]) -> None:
    """Run commands on `data` by the policy in `folder`: each answers, in the words given in Chinese
    and, every other one, in English."""
    common = ["--policy", str(folder), "--facts", str(data)]
    for number, (command, *said) in enumerate(asked):
        for lang, words in [("zh", said[0])] + [("en", said[1])] * (number % 2):
            done = CliRunner().invoke(main, [*command.split(), *common, "--lang", lang])
            assert done.exit_code == 0, (command, done.output)
            told = " ".join(done.output.split()).lower()
            assert words.lower() in told or words in done.output.replace("\n    ", ""), (
                command, done.output,
            )  # fmt: skip
