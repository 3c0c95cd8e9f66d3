"""The running bot beside a constant one; see ``bot_runs.py`` (`bot.py --help`)."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[0:1] = [str(HERE.parent), str(HERE)]  # or this file would stand before the package of its name

from bot_runs import main  # noqa: E402

sys.exit(main())
