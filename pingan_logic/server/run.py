"""Start the service: address, token, logs, graceful stop."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import sys
from collections.abc import Callable
from typing import Any

import uvicorn

from pingan_logic.errors import LimitError
from pingan_logic.server.app import create_app
from pingan_logic.server.problems import Refused
from pingan_logic.server.protocol import Protocol
from pingan_logic.server.settings import Settings
from pingan_logic.server.workers import TookTooLong, WorkerLost

__all__ = ["is_loopback", "listener", "serve"]


def is_loopback(host: str) -> bool:
    """Whether an address can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def serve(
    settings: Settings,
    host: str,
    port: int,
    begun: Callable[[], None] = lambda: None,
    *,
    quiet: bool = False,
) -> None:
    """Judge the served county and serve until stopped; what is running is finished first.

    `begun` is called when the county is judged; `quiet` logs errors only. Raises InputError,
    PolicyError, RequestError or LimitError when the data cannot be judged: then nothing was served.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter('{"time":"%(asctime)s","event":%(message)s}'))
    logger = logging.getLogger("pingan_logic.server")
    logger.setLevel(logging.ERROR if quiet else logging.INFO)
    logger.addHandler(handler)
    logger.propagate = False
    asyncio.run(_serve(settings, host, port, begun))


def listener(app: Any, host: str, port: int, seconds: float) -> uvicorn.Server:
    """Return what listens at an address; once stopped it gives what is running some seconds."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            http=Protocol,
            ws="none",
            log_level="error",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=int(seconds) + 1,
        )
    )


async def _serve(settings: Settings, host: str, port: int, begun: Callable[[], None]) -> None:
    app = create_app(settings)
    county = app.state.county
    try:
        if county.there:
            await county.assessment(None)
        begun()
        await listener(app, host, port, settings.limit).serve()
    except Refused as error:
        raise error.failure.error() from None
    except (WorkerLost, TookTooLong):
        raise LimitError.memory() from None
    finally:
        await county.workers.close()
