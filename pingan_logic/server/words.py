"""The words of the service's own errors in both languages."""

from __future__ import annotations

__all__ = ["WORDS"]

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "lost_title": "工作进程中断",
        "lost": "处理这个请求的工作进程中断（内存超限？），没有得到结果；"
        "其他请求不受影响，可以重试",
        "busy_title": "正忙",
        "busy": "等候的请求已满，这个请求没有处理，请稍后重试",
        "late_title": "超过时限",
        "late": "处理超过时限，已停止，没有得到结果",
        "failed_title": "服务内部错误",
        "failed": "服务内部错误，没有得到结果；原因记在服务日志里",
        "invalid_title": "请求有误，未作任何判定",
        "slow_title": "请求太慢",
        "slow": "请求没有在时限内发完，连接已关闭",
        "starting_title": "尚未就绪",
        "starting": "正在判定所服务的数据，请稍后重试",
        "failing_title": "不能回答",
        "failing": "工作进程无法启动，原因记在服务日志里",
        "http_400": "请求有误",
        "http_401": "缺少令牌或令牌不对（Authorization: Bearer）",
        "http_404": "没有这个地址",
        "http_405": "这个地址不接受这种请求",
        "http_413": "请求过大",
        "http_415": "请求体应为 JSON，请加请求头 Content-Type: application/json",
        "http_421": "不接受这个主机名",
        "http_431": "请求头过大",
        "http_501": "不支持这种传输编码",
        "listening": "服务在 http://{host}:{port}/，按 Ctrl+C 停止",
    },
    "en": {
        "lost_title": "worker lost",
        "lost": "the process that worked on this request died (out of memory?): no result; "
        "other requests are not touched and it can be tried again",
        "busy_title": "busy",
        "busy": "too many requests are waiting: this one was not begun; try again later",
        "late_title": "time limit",
        "late": "the request took longer than its time limit and was stopped without a result",
        "failed_title": "internal error",
        "failed": "an internal error: no result; the log of the service has the cause",
        "invalid_title": "the request is not usable, nothing was judged",
        "slow_title": "request too slow",
        "slow": "the request was not sent within the time limit; the connection is closed",
        "starting_title": "not ready",
        "starting": "the served data is being judged; try again later",
        "failing_title": "cannot answer",
        "failing": "no worker process can be started; the log of the service has the cause",
        "http_400": "bad request",
        "http_401": "token missing or wrong (Authorization: Bearer)",
        "http_404": "no such address",
        "http_405": "this address does not take such a request",
        "http_413": "request too large",
        "http_415": "the body should be JSON: send the header Content-Type: application/json",
        "http_421": "this host name is not served",
        "http_431": "request headers too large",
        "http_501": "this transfer encoding is not supported",
        "listening": "serving on http://{host}:{port}/, Ctrl+C stops",
    },
}
