"""The running bot beside a constant one; see ``bot_runs.py`` (`bot.py --help`)."""

import sys

import paths  # noqa: F401

# isort: split
from bot_runs import main

sys.exit(main())
