#!/bin/sh
# 用 curl 调用服务 / the service with curl: sh client.sh http://127.0.0.1:8014
set -eu
url=${1:-http://127.0.0.1:8014}
ask() { curl -sS --fail-with-body ${PINGAN_TOKEN:+-H "authorization: Bearer $PINGAN_TOKEN"} "$@"; }
post() { ask -X POST -H 'content-type: application/json' "$@"; }

ask "$url/explain/B-12"                                      # 一个单位的理由 / the reasons for a unit
ask "$url/units?kind=building&status=failed&size=5"          # 未达标的楼栋 / buildings that are not met
ask "$url/programme" >/dev/null                              # 目标任务和名单 / targets and rosters
ask "$url/params" >/dev/null                                 # 门槛和开关 / thresholds and switches
ask "$url/report.xlsx" >/dev/null                            # 工作簿 / the workbook
post "$url/fix" -d '{"unit": "C-02", "year": 2014}'          # 怎样才能达标 / what would make it met
post "$url/evaluate" -d '{"year": 2014, "facts": {"units": [
    {"id": "H-1", "kind": "household"}]}}'                   # 判定发来的数据 / judge data that is sent
printf '{"units": [{"id": "H-1", "kind": "household"}]}' |    # 检查一份数据 / check data
    post "$url/check?name=data.json" --data-binary @-
