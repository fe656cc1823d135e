"""Files and folders are written whole or not at all, and what they were is kept."""

from __future__ import annotations

import os
import re
import resource
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pingan_logic.errors import RequestError
from pingan_logic.files import LEFTOVER, replace_file, replace_folder
from tests.faults.kill import kill_apart

TABLES = frozenset({"units.csv", "incidents.csv"})


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_a_file_keeps_its_permissions_and_a_new_one_follows_the_umask(tmp_path: Path) -> None:
    kept, new = tmp_path / "kept", tmp_path / "new"
    kept.write_bytes(b"old")
    kept.chmod(0o640)
    before = os.umask(0o027)
    try:
        replace_file(kept, b"new")
        replace_file(new, b"new")
    finally:
        os.umask(before)
    assert kept.read_bytes() == b"new"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o640
    assert stat.S_IMODE(new.stat().st_mode) == 0o640
    new.unlink()
    replace_file(new, b"new")
    assert stat.S_IMODE(new.stat().st_mode) == 0o666 & ~before
    assert names(tmp_path) == ["kept", "new"]


def test_a_symbolic_link_still_points_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target, link = tmp_path / "real" / "报告", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)
    replace_file(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert names(tmp_path) == ["link", "real"]
    assert names(tmp_path / "real") == ["报告"]


def test_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    replace_file(Path(os.devnull), b"x")
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)
    with pytest.raises(RequestError, match="磁盘已满"):
        replace_file(Path("/dev/full"), b"x")


def test_content_that_does_not_pass_the_check_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    seen = []

    def refuse(written: Path) -> None:
        seen.append(written.read_bytes())
        raise RequestError([])

    with pytest.raises(RequestError):
        replace_file(path, b"new", refuse)
    with pytest.raises(RequestError):
        replace_folder(tmp_path / "d", lambda d: (d / "x").write_bytes(b"x"), TABLES,
                       lambda d: refuse(d / "x"))  # fmt: skip
    assert seen == [b"new", b"x"]
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


def test_a_folder_changes_as_a_whole_and_keeps_what_is_not_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "数据"
    (folder / "more").mkdir(parents=True)
    (folder / "gone").mkdir()
    for name in ("units.csv", "incidents.csv", "说明.txt", "more/图.png", "gone/units.csv"):
        (folder / name).write_text(name, encoding="utf-8")
    (folder / f".units.csv.0{LEFTOVER}").write_text("half", encoding="utf-8")
    (folder / "link").symlink_to("说明.txt")
    folder.chmod(0o750)

    def write(place: Path) -> None:
        assert (folder / "incidents.csv").exists()
        (place / "units.csv").write_text("new", encoding="utf-8")

    replace_folder(folder, write, TABLES)
    assert names(folder) == ["link", "more", "units.csv", "说明.txt"]
    assert (folder / "units.csv").read_text(encoding="utf-8") == "new"
    assert (folder / "more" / "图.png").read_text(encoding="utf-8") == "more/图.png"
    assert (folder / "link").is_symlink()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o750
    assert names(tmp_path) == ["数据"]


def test_a_failed_folder_leaves_the_old_one(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "units.csv").write_text("old", encoding="utf-8")

    def fail(place: Path) -> None:
        (place / "units.csv").write_text("new", encoding="utf-8")
        raise OSError(28, "No space left on device")

    with pytest.raises(RequestError, match=r"d：无法写入：磁盘已满"):
        replace_folder(folder, fail, TABLES)
    assert (folder / "units.csv").read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == ["d"]


def test_two_steps_do_where_folders_cannot_be_exchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pingan_logic.files._swap", lambda *_: False)
    for text in ("one", "two"):
        replace_folder(
            tmp_path / "d", lambda d, t=text: (d / "units.csv").write_text(t), TABLES
        )  # fmt: skip
        assert (tmp_path / "d" / "units.csv").read_text() == text
    assert names(tmp_path) == ["d"]


def test_the_folder_one_stands_in_is_not_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RequestError, match="当前所在的文件夹"):
        replace_folder(Path("."), lambda d: None, TABLES)


def test_old_leftovers_are_removed_and_young_ones_left_to_their_writers(tmp_path: Path) -> None:
    old, young, other = (tmp_path / f".{n}{LEFTOVER}" for n in ("a[1].0", "a[1].1", "b.0"))
    for path in (old, young, other):
        path.write_bytes(b"half")
    for path in (old, other):
        os.utime(path, (time.time() - 4000,) * 2)
    replace_file(tmp_path / "a[1]", b"new")
    assert names(tmp_path) == sorted([young.name, other.name, "a[1]"])


WRITERS = {
    "c.xlsx": ["convert", "sample", "c.xlsx", "--overwrite"],
    "c.json": ["convert", "sample", "c.json", "--overwrite"],
    "c.db": ["convert", "sample", "sqlite:///c.db", "--overwrite"],
    "data": ["convert", "sample", "data", "--overwrite"],
    "r.html": ["report", "--out", "r.html", "--overwrite"],
}


@pytest.mark.parametrize("target", WRITERS)
def test_a_full_disk_leaves_the_original_and_says_so(tmp_path: Path, target: str) -> None:
    from pingan_logic.rules.find import data_folder

    (tmp_path / "sample").symlink_to(data_folder("facts") / "sample-county")
    path = tmp_path / target
    if target == "data":
        path.mkdir()
        (path / "units.csv").write_text("old", encoding="utf-8")
    elif target != "c.db":
        path.write_text("old", encoding="utf-8")

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    done = subprocess.run(
        [sys.executable, "-B", "-m", "pingan_logic", *WRITERS[target]],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        preexec_fn=small_files,
    )
    assert done.returncode == 2, done.stderr
    assert target in done.stderr
    assert "Traceback" not in done.stderr
    if target == "data":
        assert names(path) == ["units.csv"]
        path = path / "units.csv"
    if target == "c.db":
        assert names(tmp_path) == ["sample"]
    else:
        assert "超过允许的文件大小" in done.stderr
        assert path.read_text(encoding="utf-8") == "old"
        assert names(tmp_path) == sorted(["sample", target])


def test_a_full_standard_output_is_an_error() -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "pingan_logic", "evaluate", "--csv", "-q"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            check=False,
        )
    assert done.returncode == 2
    assert "标准输出：无法读写：磁盘已满" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("form", ["--json", "--csv", "--list"])
def test_a_reader_that_has_had_enough_is_no_error(form: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "pingan_logic", "evaluate", "-q", form],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(1)
        process.stdout.close()
        said = process.stderr.read()
        assert process.wait(60) == 0
    assert said == b""


def test_killed_at_random_every_target_is_old_or_new() -> None:
    figures = kill_apart(20, 9, "KILL")
    assert "20 times SIGKILL" in figures
    assert sum(map(int, re.findall(r" (?:old|new) (\d+)", figures))) == 20
