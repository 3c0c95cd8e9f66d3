"""Storage measured beside its peers; see ``storage_runs.py`` (`storage.py --help`)."""

import sys

import paths  # noqa: F401

# isort: split
from storage_runs import main

sys.exit(main())
