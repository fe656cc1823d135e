"""What the program of a single file runs."""

from multiprocessing import freeze_support

from pingan_logic.__main__ import run

if __name__ == "__main__":
    freeze_support()
    run()
