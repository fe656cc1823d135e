"""The words of the service's own errors in both languages."""

from __future__ import annotations

__all__ = ["WORDS"]

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "lost_title": "工作进程中断",
        "lost": "处理这个请求的工作进程中断(内存超限?),没有得到结果;其他请求不受影响,可以重试",
        "late_title": "超过时限",
        "late": "处理超过时限,已停止,没有得到结果",
        "invalid_title": "请求有误,未作任何判定",
        "invalid": "取值不符合要求",
        "missing": "缺少这一项",
        "extra_forbidden": "不认识的项",
        "http_400": "请求有误",
        "http_401": "缺少令牌或令牌不对(Authorization: Bearer)",
        "http_404": "没有这个地址",
        "http_405": "这个地址不接受这种请求",
        "http_413": "请求过大",
        "http_421": "不接受这个主机名",
        "listening": "服务在 http://{host}:{port}/,按 Ctrl+C 停止",
    },
    "en": {
        "lost_title": "worker lost",
        "lost": "the process that worked on this request died (out of memory?): no result; "
        "other requests are not touched and it can be tried again",
        "late_title": "time limit",
        "late": "the request took longer than its time limit and was stopped without a result",
        "invalid_title": "the request is not usable, nothing was judged",
        "invalid": "the value is not allowed",
        "missing": "missing",
        "extra_forbidden": "unknown key",
        "http_400": "bad request",
        "http_401": "token missing or wrong (Authorization: Bearer)",
        "http_404": "no such address",
        "http_405": "this address does not take such a request",
        "http_413": "request too large",
        "http_421": "this host name is not served",
        "listening": "serving on http://{host}:{port}/, Ctrl+C stops",
    },
}
