"""To be imported first by whatever is run here: this folder's bot.py and storage.py bear the names
of packages.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:] = [
    str(HERE.parent),
    *(place for place in sys.path if place != str(HERE.parent)),
    str(HERE),
]
