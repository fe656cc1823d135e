"""用 Python 调用服务，不需要别的库 / the service with Python alone.

python client.py http://127.0.0.1:8014
"""

import json
import os
import sys
import urllib.error
import urllib.request

URL = sys.argv[1] if sys.argv[1:] else "http://127.0.0.1:8014"


def ask(path, body=None):
    """Return an answer; a problem (RFC 9457) is raised with its words."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(URL + path, data, {"content-type": "application/json"})
    if token := os.environ.get("PINGAN_TOKEN"):
        request.add_header("authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        raise SystemExit(json.load(error)["detail"]) from None


building = ask("/explain/B-12")  # 一个单位的理由 / the reasons for a unit
print(building["unit"]["name"], building["status"])
for unit in ask("/units?kind=building&status=failed&size=5")["units"]:
    print(unit["id"], unit["failed"])
for row in ask("/programme")["attainment"][:3]:  # 目标任务 / targets
    print(row["kind"], row["rate_text"])
print(len(ask("/params")["params"]))  # 门槛和开关 / thresholds and switches
print(ask("/fix", {"unit": "C-02", "year": 2014})["cost"])  # 怎样才能达标 / what would make it met
facts = {"units": [{"id": "H-1", "kind": "household"}]}
print(ask("/evaluate", {"year": 2014, "facts": facts})["units"])  # 判定发来的数据 / judge data
print(ask("/check", facts)["ok"])  # 检查一份数据 / check data
