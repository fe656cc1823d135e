"""Run the command line: `python -m pingan_logic`, and the script `pingan`."""

import os

__all__ = ["run"]

_INTERRUPTED = 130


def run() -> None:
    """Run the command line; interrupted while it is being loaded, the process ends silently."""
    try:
        import signal

        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, lambda *_: os._exit(_INTERRUPTED))
    except KeyboardInterrupt:
        os._exit(_INTERRUPTED)
    from pingan_logic.cli import run as answer

    answer()


if __name__ == "__main__":
    run()
