"""Run the command line: `python -m pingan_logic`."""

from pingan_logic.cli import run

if __name__ == "__main__":
    run()
