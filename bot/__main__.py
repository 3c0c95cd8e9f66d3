"""``python -m bot`` is the command ``verbatim``."""

from handlers.cli import main

raise SystemExit(main())
