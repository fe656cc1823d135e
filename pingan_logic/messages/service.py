"""The words of the service's own errors."""

from __future__ import annotations

from pingan_logic.messages.languages import Texts, in_languages

__all__ = ["TEXTS", "WORDS"]

TEXTS: Texts = {
    "lost_title": ("工作进程中断", "worker lost"),
    "lost": (
        "处理这个请求的工作进程中断（内存超限？），没有得到结果；其他请求不受影响，可以重试",
        "the process that worked on this request died (out of memory?): no result; other "
        "requests are not touched and it can be tried again",
    ),
    "busy_title": ("正忙", "busy"),
    "busy": (
        "等候的请求已满，这个请求没有处理，请稍后重试",
        "too many requests are waiting: this one was not begun; try again later",
    ),
    "late_title": ("超过时限", "time limit"),
    "late": (
        "处理超过时限，已停止，没有得到结果",
        "the request took longer than its time limit and was stopped without a result",
    ),
    "closing_title": ("正在停止", "stopping"),
    "closing": (
        "服务正在停止，这个请求没有处理完",
        "the service is stopping: this request was not finished",
    ),
    "failed_title": ("服务内部错误", "internal error"),
    "failed": (
        "服务内部错误，没有得到结果；原因记在服务日志里",
        "an internal error: no result; the log of the service has the cause",
    ),
    "invalid_title": ("请求有误，未作任何判定", "the request is not usable, nothing was judged"),
    "slow_title": ("请求太慢", "request too slow"),
    "slow": (
        "请求没有在时限内发完，连接已关闭",
        "the request was not sent within the time limit; the connection is closed",
    ),
    "starting_title": ("尚未就绪", "not ready"),
    "starting": (
        "正在判定所服务的数据，请稍后重试",
        "the served data is being judged; try again later",
    ),
    "failing_title": ("不能回答", "cannot answer"),
    "failing": (
        "工作进程无法启动，原因记在服务日志里",
        "no worker process can be started; the log of the service has the cause",
    ),
    "http_400": ("请求有误", "bad request"),
    "http_401": (
        "缺少令牌或令牌不对（Authorization: Bearer）",
        "token missing or wrong (Authorization: Bearer)",
    ),
    "http_404": ("没有这个地址", "no such address"),
    "http_405": ("这个地址不接受这种请求", "this address does not take such a request"),
    "http_410": ("数据已经清除，请重新选择文件", "the data was dropped: choose the file again"),
    "http_413": ("请求过大", "request too large"),
    "http_415": (
        "请求体应为 JSON，请加请求头 Content-Type: application/json",
        "the body should be JSON: send the header Content-Type: application/json",
    ),
    "encoded": (
        "请求体不得压缩，请原样发送，不加请求头 Content-Encoding",
        "a body is not to be compressed: send it as it is, without the header Content-Encoding",
    ),
    "http_421": ("不接受这个主机名", "this host name is not served"),
    "http_431": ("请求头过大", "request headers too large"),
    "http_501": ("不支持这种传输编码", "this transfer encoding is not supported"),
    "listening": (
        "服务在 http://{host}:{port}/，按 Ctrl+C 停止",
        "serving on http://{host}:{port}/, Ctrl+C stops",
    ),
}

WORDS = in_languages("service", TEXTS)
