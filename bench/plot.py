"""Draw latency against size from the JSON that ``search.py --scale … --peers`` prints last.

plot.py SCALE.json docs/latency.svg
"""

from __future__ import annotations

import paths  # noqa: F401

# isort: split

import json
import sys
from pathlib import Path
from typing import Any


def draw(results: dict[str, list[dict[str, Any]]], out: Path) -> None:
    """One line a system: median with the 95th percentile as a thin line, both axes logarithmic."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "verbatim"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7.5, 4.5))
    for name, rows in results.items():
        sizes = [row["quotes"] for row in rows]
        (line,) = axes.plot(
            sizes,
            [row["p50_ms"] for row in rows],
            marker="o",
            label=name,
            linewidth=3 if name == "verbatim" else 1.5,
        )
        axes.plot(
            sizes,
            [row["p95_ms"] for row in rows],
            color=line.get_color(),
            linestyle=":",
            linewidth=1,
        )
    axes.set(
        xscale="log",
        yscale="log",
        xlabel="quotes in the index",
        ylabel="ms a question (dotted: 95th percentile)",
    )
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(out, metadata={"Date": None})


if __name__ == "__main__":
    draw(json.loads(Path(sys.argv[1]).read_text("utf-8").splitlines()[-1]), Path(sys.argv[2]))
