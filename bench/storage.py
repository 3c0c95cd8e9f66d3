"""Storage measured beside its peers; see ``storage_runs.py`` (`storage.py --help`)."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[0:1] = [str(HERE.parent), str(HERE)]  # or this file would stand before the package of its name

from storage_runs import main  # noqa: E402

sys.exit(main())
