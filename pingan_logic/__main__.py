"""Run the command line: `python -m pingan_logic`."""

import signal

if __name__ == "__main__":
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # interrupted while it is loaded, the command ends without a traceback
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from pingan_logic.cli import run

    run()
