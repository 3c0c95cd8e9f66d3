"""Reading pages and ingesting measured; see ``ingest_runs.py`` (`ingest.py --help`)."""

import sys

import paths  # noqa: F401

# isort: split
from ingest_runs import main

sys.exit(main())
