"""The service: the command line's answers and errors over HTTP, and what happens when it fails."""

from __future__ import annotations

import concurrent.futures
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from pingan_logic.answers import ANSWERS, answers_schema
from pingan_logic.server.bodies import EXAMPLE
from pingan_logic.server.run import is_loopback
from tests.command import run

ROOT = Path(__file__).parents[2]
TOKEN = "0123456789abcdef0123"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Service:
    def __init__(self, *options: str, **environment: str) -> None:
        self.port = free_port()
        self.said = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115
        self.log = subprocess.Popen(
            [sys.executable, "-m", "pingan_logic", "serve", "--port", str(self.port), *options],
            stderr=self.said,
            env={**os.environ, **environment},
        )
        self.url = f"http://127.0.0.1:{self.port}"
        for _ in range(300):
            try:
                if httpx.get(f"{self.url}/health").status_code == 200:
                    break
            except httpx.TransportError:
                pass
            if self.log.poll() is not None:
                break
            time.sleep(0.1)

    def wait_ready(self, **headers: str) -> None:
        for _ in range(300):
            if httpx.get(f"{self.url}/ready", headers=headers).status_code == 200:
                return
            time.sleep(0.1)
        raise AssertionError("the service did not become ready")

    def stop(self) -> str:
        self.log.send_signal(signal.SIGTERM)
        self.log.wait(timeout=60)
        self.said.seek(0)
        with self.said as said:
            return said.read()


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    served = Service("--time-limit", "30")
    served.wait_ready()
    yield served
    served.stop()


def cli(*arguments: str) -> Any:
    done = run(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_answers_are_the_command_lines(service: Service) -> None:
    for lang in ("zh", "en"):
        got = httpx.get(f"{service.url}/explain/B-12", params={"lang": lang}).json()
        assert got == cli("explain", "B-12", "--lang", lang)
    got = httpx.get(f"{service.url}/evaluate", params={"kind": "building"}).json()
    assert got == cli("evaluate", "--kind", "building")
    assert httpx.get(f"{service.url}/explain/000000").json() == cli("explain", "000000")
    for name, unit in (("fix", "C-02"), ("fix", "B-12"), ("margin", "C-01"), ("missing", "V-14")):
        got = httpx.post(f"{service.url}/{name}", json={"unit": unit}).json()
        assert got == cli(name, unit)
    told = httpx.post(
        f"{service.url}/whatif", json={"set": ["threshold(building_households)=90/100"]}
    ).json()
    same = cli("whatif", "--set", "threshold(building_households)=90/100")
    assert told["flips"] == same["flips"]


DATA = {"facts": EXAMPLE, "year": 2014}
QUESTIONS: list[tuple[str, dict[str, Any]]] = [
    ("evaluate", DATA),
    ("explain", {**DATA, "unit": "B-1"}),
    ("fix", {**DATA, "unit": "B-1"}),
    ("margin", {**DATA, "unit": "B-1"}),
    ("missing", {**DATA, "unit": "B-1"}),
    ("whatif", {**DATA, "set": ["threshold(building_households)=50/100"]}),
    ("switches", DATA),
]


@pytest.mark.parametrize(("name", "body"), QUESTIONS, ids=[q[0] for q in QUESTIONS])
def test_data_can_be_sent_along_and_answers_fit_their_schema(
    name: str, body: dict[str, Any], service: Service
) -> None:
    response = httpx.post(f"{service.url}/{name}", json=body, timeout=60)
    assert response.status_code == 200, response.text
    schema = {**answers_schema(), **ANSWERS[name]}
    jsonschema.Draft202012Validator(schema).validate(response.json())


def test_the_examples_of_openapi_run(service: Service) -> None:
    document = httpx.get(f"{service.url}/openapi.json").json()
    tried = 0
    for path, operations in document["paths"].items():
        content = operations.get("post", {}).get("requestBody", {}).get("content", {})
        for example in content.get("application/json", {}).get("schema", {}).get("examples", []):
            response = httpx.post(f"{service.url}{path}", json=example, timeout=60)
            assert response.status_code == 200, response.text
            tried += 1
    assert tried == 8


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("explain", "B-12"), "explain"),
        (("explain", "000000", "--lang", "en"), "explain"),
        (("evaluate",), "evaluate"),
        (("fix", "T-03", "--alternatives", "2"), "fix"),
        (("fix", "B-12"), "fix"),
        (("margin", "T-02"), "margin"),
        (("missing", "V-14"), "missing"),
        (("whatif", "--set", "switch(repeated)=1"), "whatif"),
        (("whatif", "--each-switch"), "switches"),
    ],
)
def test_the_command_line_fits_the_same_schemas(arguments: tuple[str, ...], name: str) -> None:
    schema = {**answers_schema(), **ANSWERS[name]}
    jsonschema.Draft202012Validator(schema).validate(cli(*arguments))


def test_the_schema_document_is_fresh() -> None:
    stored = json.loads((ROOT / "docs" / "answers.schema.json").read_text(encoding="utf-8"))
    assert stored == answers_schema()


def test_errors_are_problem_details_with_the_command_lines_words(service: Service) -> None:
    response = httpx.get(f"{service.url}/explain/B-99")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    told = response.json()
    jsonschema.Draft202012Validator({**answers_schema(), **ANSWERS["problem"]}).validate(told)
    assert told["detail"] in run("explain", "B-99").stderr
    bad = {"units": [{"id": "B", "kind": "bilding"}], "ledgers": [{"unit": "X", "item": "*",
           "year": 2014}]}  # fmt: skip
    response = httpx.post(f"{service.url}/evaluate", json={"facts": bad}, params={"lang": "en"})
    assert response.status_code == 422
    assert len(response.json()["problems"]) == 2, "all problems at once"
    assert "building" in [p["nearest"] for p in response.json()["problems"]]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/nothing", None, 404),
        ("DELETE", "/evaluate", None, 405),
        ("POST", "/explain", b"{", 422),
        ("POST", "/explain", b"[]", 422),
        ("POST", "/explain", b'{"unit": "B-1", "fact": {}}', 422),
        ("POST", "/explain", b'{"unit": 5}', 422),
        ("POST", "/explain", b"[" * 5000, 422),
        ("POST", "/explain", b'{"unit": ' + b"[" * 900 + b"]" * 900 + b"}", 422),
        ("POST", "/whatif", b'{"set": ' + b"[" * 900 + b"]" * 900 + b"}", 422),
        ("POST", "/whatif", b'{"add": {"units": [{"id": ' + b"[" * 900 + b"]" * 900 + b"}]}}", 422),
        ("POST", "/explain", b'{"unit": "B-1", "unit": "B-2"}', 422),
        ("POST", "/fix", b'{"unit": "B-12", "alternatives": 1e0}', 422),
        ("POST", "/fix", b'{"unit": "B-12", "alternatives": 1.0}', 422),
        ("POST", "/fix", b'{"unit": "B-12", "alternatives": true}', 422),
        ("POST", "/evaluate", b'{"year": "2014"}', 422),
        ("POST", "/explain", b'{"unit": "\xff"}', 422),
        ("POST", "/explain", b'{"unit": "\\ud800", "facts": {"units": []}}', 422),
        ("POST", "/evaluate", b'{"facts": {"units": [{"id": "\\ud800", "kind": "school"}]}}', 422),
        ("POST", "/evaluate", b'{"facts": {"units": [{"id": NaN, "kind": "school"}]}}', 422),
        ("POST", "/evaluate", b'{"facts": {}}', 422),
        ("POST", "/whatif", b'{"set": ["x"]}', 400),
        ("POST", "/whatif", b'{"add": {"": []}}', 422),
        ("POST", "/whatif", b'{"remove": {"units": [{}]}}', 422),
        ("POST", "/explain", b'{"unit": "B-12", "as_of": "soon"}', 400),
        ("GET", "/evaluate?year=1800", None, 422),
        ("GET", "/evaluate?year=2099", None, 400),
    ],
)
def test_what_is_wrong_is_said_without_a_server_error(
    method: str, path: str, body: bytes | None, status: int, service: Service
) -> None:
    response = httpx.request(
        method, f"{service.url}{path}", content=body, headers={"content-type": "application/json"}
    )
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert "Traceback" not in response.text


def test_a_body_is_read_as_a_file_is(service: Service, tmp_path: Path) -> None:
    """Data that a file may not hold is refused in the same words when it is sent."""
    score = '{"facts": {"units": [{"id": "T", "kind": "township"}], "scores": [{"unit": "T", %s}]}}'
    for row, at, said, found in (
        ('"year": 2014, "score": 84.99999999999999999', "scores[0] score",
         "应为0至100，最多两位小数", "84.99999999999999999"),
        ('"year": 2014, "score": 1e2', "1:104 facts.scores[0].score",
         "数字不用科学记数法，请写全", "1e2"),
        ('"year": 2014, "score": 84, "score": 90', "1:108 facts.scores[0]",
         "同一对象中键重复，请只留一个", "score"),
    ):  # fmt: skip
        body = score % row
        response = httpx.post(
            f"{service.url}/evaluate", content=body, headers={"content-type": "application/json"}
        )
        assert response.status_code == 422
        (problem,) = response.json()["problems"]
        assert problem["place"].removeprefix("body:").removeprefix("facts ") == at
        assert (problem["message"], problem["found"]) == (said, found)
        path = tmp_path / "data.json"
        path.write_text(body[len('{"facts": ') : -1], encoding="utf-8")
        told = run("evaluate", "--facts", str(path))
        assert told.returncode == 2
        assert f"{said}；发现 `{found}`" in told.stderr


def test_only_this_machines_names_are_answered(service: Service) -> None:
    response = httpx.get(f"{service.url}/health", headers={"host": "evil.example"})
    assert response.status_code == 421


def test_the_report_is_its_page(service: Service) -> None:
    page = httpx.get(service.url, timeout=60)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "平安创建报告" in page.text


def test_health_and_readiness(service: Service) -> None:
    assert httpx.get(f"{service.url}/health").json() == {"status": "ok"}
    assert httpx.get(f"{service.url}/ready").json() == {"status": "ready"}


def test_a_thousand_requests_sixteen_at_a_time_and_none_is_lost(service: Service) -> None:
    units = ["B-12", "T-01", "V-01", "S-01", "C-01"]
    expected = {u: httpx.get(f"{service.url}/explain/{u}").content for u in units}
    with httpx.Client(limits=httpx.Limits(max_connections=16), timeout=60) as client:

        def ask(n: int) -> bool:
            if n % 50 == 0:
                body = {**DATA, "unit": "B-1"}
                return client.post(f"{service.url}/explain", json=body).status_code == 200
            unit = units[n % len(units)]
            return client.get(f"{service.url}/explain/{unit}").content == expected[unit]

        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            assert sum(pool.map(ask, range(1000))) == 1000


def children(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                line = (entry / "cmdline").read_bytes().decode(errors="replace")
            except (OSError, ValueError):
                continue
            if parent == pid and "spawn_main" in line:
                found.append(int(entry.name))
    return found


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc to find the workers")
def test_killing_workers_that_have_nothing_to_do_ends_nothing(service: Service) -> None:
    for _ in range(2):
        before = children(service.log.pid)
        assert len(before) == 2
        for worker in before:
            os.kill(worker, signal.SIGKILL)
        for _ in range(3):
            response = httpx.post(f"{service.url}/explain", json={"unit": "B-12"}, timeout=60)
            assert response.status_code == 200
        service.wait_ready()
        assert httpx.get(f"{service.url}/health").json() == {"status": "ok"}
        assert not set(children(service.log.pid)) & set(before)


def test_questions_that_nobody_waits_for_do_not_hold_up_others(service: Service) -> None:
    asked = b"POST /switches HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\n\r\n{}"
    dropped = [socket.create_connection(("127.0.0.1", service.port)) for _ in range(12)]
    for one in dropped:
        one.sendall(asked)
    time.sleep(0.3)
    for one in dropped:
        one.close()
    response = httpx.post(f"{service.url}/fix", json={"unit": "C-02"}, timeout=60)
    assert response.status_code == 200
    assert response.elapsed.total_seconds() < 20


def test_bad_data_is_printed_and_nothing_is_served(tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text("id,kind,name,parent\nA,schol,,\n,school,,\n", "utf-8")
    done = run("serve", "--facts", str(tmp_path), "--port", str(free_port()))
    told = run("evaluate", "--facts", str(tmp_path))
    assert done.returncode == told.returncode == 2
    assert done.stderr == told.stderr
    assert "`school`" in done.stderr
    (tmp_path / "units.csv").write_text("id,kind,name,parent\nA,school,,\n", "utf-8")
    (tmp_path / "ledgers.csv").write_text("unit,item,year\nA,*,2014\nA,*,9000\n", "utf-8")
    done = run("serve", "--facts", str(tmp_path), "--port", str(free_port()))
    assert done.returncode == 2
    assert done.stderr == run("evaluate", "--facts", str(tmp_path)).stderr


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc to find the workers")
def test_a_killed_worker_costs_only_its_own_request() -> None:
    served = Service("--workers", "2", "--time-limit", "60")
    served.wait_ready()
    slow = {"facts": None, "set": []}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        lost = pool.submit(lambda: httpx.post(f"{served.url}/switches", json=slow, timeout=120))
        time.sleep(1.0)
        busy = max(children(served.log.pid), key=_cpu)
        os.kill(busy, signal.SIGKILL)
        other = httpx.post(f"{served.url}/explain", json={**DATA, "unit": "B-1"}, timeout=60)
        response = lost.result()
    assert other.status_code == 200
    assert response.status_code == 503
    assert "工作进程中断" in response.json()["title"]
    again = httpx.post(f"{served.url}/explain", json={**DATA, "unit": "B-1"}, timeout=60)
    assert again.status_code == 200
    served.stop()


def _cpu(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def test_a_question_that_takes_too_long_is_stopped_and_said() -> None:
    served = Service("--time-limit", "1")
    served.wait_ready()
    response = httpx.post(f"{served.url}/switches", json={}, timeout=60)
    assert response.status_code == 504
    assert response.json()["title"] == "超过时限"
    served.stop()


def test_stopping_finishes_what_runs_and_logs_no_data() -> None:
    served = Service("--time-limit", "60")
    served.wait_ready()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        running = pool.submit(lambda: httpx.post(f"{served.url}/switches", json={}, timeout=120))
        time.sleep(0.8)
        httpx.get(f"{served.url}/explain/H-0185")
        said = served.stop()
        assert running.result().status_code == 200
    assert served.log.returncode in (0, -signal.SIGTERM)
    events = [json.loads(x)["event"] for x in said.splitlines() if x.startswith("{")]
    assert {"method", "path", "status", "ms"} == set(events[0])
    assert "/explain/{unit}" in [e["path"] for e in events]
    assert "H-0185" not in said


def test_a_large_body_is_refused() -> None:
    served = Service("--body-limit", "1")
    served.wait_ready()
    big = {"facts": {"units": [{"id": "x" * 1_200_000, "kind": "school"}]}}
    assert httpx.post(f"{served.url}/evaluate", json=big).status_code == 413

    def chunks() -> Iterator[bytes]:
        for _ in range(20):
            yield b" " * 100_000

    response = httpx.post(f"{served.url}/evaluate", content=chunks())
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"
    served.stop()


def test_a_token_is_needed_when_there_is_one(tmp_path: Path) -> None:
    served = Service(PINGAN_TOKEN=TOKEN)
    served.wait_ready(authorization=f"Bearer {TOKEN}")
    assert httpx.get(f"{served.url}/health").status_code == 200
    for headers in ({}, {"authorization": "Bearer no"}, {"authorization": TOKEN}):
        response = httpx.get(f"{served.url}/explain/B-12", headers=headers)
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"
    right = {"authorization": f"Bearer {TOKEN}"}
    assert httpx.get(f"{served.url}/explain/B-12", headers=right).status_code == 200
    assert TOKEN not in served.stop()


def test_no_other_address_without_a_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = run("serve", "--host", "0.0.0.0")
    assert done.returncode == 2
    assert "必须有令牌" in done.stderr
    short = tmp_path / "token"
    for token in ("short", "0123456789abcde", "0123456789 abcdef", "0123456789abcdé"):
        short.write_text(token, encoding="utf-8")
        said = run("serve", "--token-file", str(short)).stderr
        monkeypatch.setenv("PINGAN_TOKEN", token)
        done = run("serve", "--host", "0.0.0.0")
        assert done.returncode == 2
        assert done.stderr.replace("PINGAN_TOKEN", "--token-file") == said
        monkeypatch.delenv("PINGAN_TOKEN")
    assert run("serve", "--facts", str(tmp_path / "none")).returncode == 2
    assert is_loopback("127.0.0.1")
    assert is_loopback("::1")
    assert is_loopback("localhost")
    assert not is_loopback("192.168.0.4")
    assert not is_loopback("example.org")


@pytest.mark.parametrize(
    ("program", "file"), [("sh", "client.sh"), ("python", "client.py"), ("node", "client.mjs")]
)
def test_the_example_clients_run(service: Service, program: str, file: str) -> None:
    command = sys.executable if program == "python" else program
    if shutil.which(command) is None or (program == "sh" and shutil.which("curl") is None):
        pytest.skip(f"needs {'curl' if program == 'sh' else program}")
    done = subprocess.run(
        [command, str(ROOT / "docs" / "clients" / file), service.url],
        capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    for wanted in ("滨江小区3栋", "failed", "B-12", "building_households", "undetermined"):
        assert wanted in done.stdout
    assert re.search(r'^3$|"cost": 3,', done.stdout, re.MULTILINE)


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs chromium")
def test_chromium_can_open_it(service: Service) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page()
        page.goto(service.url)
        assert re.search("平安创建报告", page.inner_text("body"))
        browser.close()


SLOW = ("/audit", "/switches", "/test", "/verify", "/certificate")


def test_schemathesis_finds_no_server_error(service: Service) -> None:
    document = httpx.get(f"{service.url}/openapi.json").json()
    api = schemathesis.openapi.from_dict(document)
    tried = 0
    for result in api.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=1 if operation.path in SLOW else 4,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        def check(case: Any) -> None:
            nonlocal tried
            tried += 1
            response = case.call(base_url=service.url, timeout=120)
            assert response.status_code < 500, (case.as_curl_command(), response.text)
            if response.status_code >= 400:
                kind = response.headers.get("content-type", [""])
                assert "application/problem+json" in str(kind)

        given(case=operation.as_strategy())(check)()
    assert tried > 50
