"""Start the service: address, token, logs, graceful stop."""

from __future__ import annotations

import ipaddress
import logging
import sys

import uvicorn

from pingan_logic.server.app import Settings, create_app

__all__ = ["is_loopback", "serve"]


def is_loopback(host: str) -> bool:
    """Whether an address can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until stopped; requests that are running are finished first."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter('{"time":"%(asctime)s","event":%(message)s}'))
    logger = logging.getLogger("pingan_logic.server")
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    logger.propagate = False
    uvicorn.run(
        create_app(settings),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=int(settings.limit),
    )
