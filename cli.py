"""The command line, as `python cli.py`: what `caprev` is after installation."""

from caprev.cli.main import main

if __name__ == "__main__":
    main()
