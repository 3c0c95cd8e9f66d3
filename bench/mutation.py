"""Do the tests notice a wrong line? A seeded sample of small mutations of five modules, each beside
the tests that are about it.

A mutation turns one comparison, condition, sum, constant or result into another; it is killed when
a test fails, and survives when none does. The kinds are the usual ones (Jia and Harman 2011, table
6: relational, logical and arithmetic operators, constants, statements); lines that no test could
tell from their mutation ("equivalent mutants") are counted as survivors. The project is copied, so
that nothing here is touched. The last line is one JSON object: the killed share of each module.
"""

from __future__ import annotations

import argparse
import ast
import copy
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parent.parent
MODULES = {
    "page": ("bot/replies/page.py", ("test_page.py",)),
    "marks": ("bot/extraction/marks.py", ("test_marks.py",)),
    "whose": ("bot/search/whose.py", ("test_whose.py",)),
    "decision": ("bot/search/decision.py", ("test_decision.py",)),
    "journal": ("storage/journal.py", ("test_journal.py",)),
}
"""Each module and the tests that are about it."""
_LIMIT = 60  # seconds of the tests of one mutation; an endless loop counts as killed
_SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}


def mutations(tree: ast.Module) -> Iterator[tuple[str, ast.Module]]:
    """Every mutation of a module: where and what, and the module with it."""
    for number, node in enumerate(ast.walk(tree)):
        for what in _choices(node):
            other = copy.deepcopy(tree)
            target = next(found for at, found in enumerate(ast.walk(other)) if at == number)
            _mutate(target, what)
            yield f"{getattr(node, 'lineno', '?')}: {what} in {ast.unparse(node)[:70]}", other


def _choices(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Compare):
        return [f"compare {n}" for n, op in enumerate(node.ops) if type(op) in _SWAPS]
    if isinstance(node, ast.BoolOp):
        return ["and or"]
    if isinstance(node, ast.BinOp | ast.AugAssign):
        return ["operator"] if type(node.op) in _SWAPS else []
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        return ["not the condition"]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return ["without not"]
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return ["constant"]
    if isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        return ["return None"]
    return ["pass"] if isinstance(node, ast.Break | ast.Continue) else []


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _mutate(node: ast.AST, what: str) -> None:
    if isinstance(node, ast.Compare):
        place = int(what.split()[1])
        node.ops[place] = _SWAPS[type(node.ops[place])]()  # type: ignore[call-overload]
    elif isinstance(node, ast.BoolOp | ast.BinOp | ast.AugAssign):
        node.op = _SWAPS[type(node.op)]()  # type: ignore[assignment]
    elif isinstance(node, ast.If | ast.While | ast.IfExp):
        node.test = ast.UnaryOp(ast.Not(), node.test)
    elif isinstance(node, ast.UnaryOp):
        node.op = ast.UAdd() if isinstance(node.op, ast.USub) else ast.Not()
        node.operand = ast.UnaryOp(ast.Not(), node.operand)
    elif isinstance(node, ast.Constant):
        node.value = not node.value if isinstance(node.value, bool) else int(str(node.value)) + 1
    elif isinstance(node, ast.Return):
        node.value = ast.Constant(None)
    elif isinstance(node, ast.Break | ast.Continue):
        # two statements of one shape: the class is all that tells them from ``pass``
        node.__class__ = ast.Pass  # type: ignore[assignment]


def copied(folder: Path) -> Path:
    """The project as it stands, elsewhere; the installed packages are this interpreter's."""
    for name in ("bot", "handlers", "storage", "tests", "seeds", "bench"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def killed(folder: Path, module: str, tests: tuple[str, ...], source: str) -> bool:
    """Do the tests fail with the module's text as ``source``?"""
    path = folder / module
    original = path.read_text()
    path.write_text(source)
    files = [f"tests/{name}" for name in tests if (folder / "tests" / name).exists()]
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *files]
    # the copy goes before the installed project
    where = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=folder, env=where, capture_output=True, timeout=_LIMIT, check=False
        )
        return done.returncode != 0
    except subprocess.TimeoutExpired:
        return True
    finally:
        path.write_text(original)


def measure(name: str, sample: int, seed: int, workers: int) -> dict[str, float]:
    """The killed share of a module's sampled mutations; survivors are printed."""
    module, tests = MODULES[name]
    source = (ROOT / module).read_text()
    # docstrings and annotations are no behaviour: unparsed and parsed again they stay, unmutated
    every = list(mutations(ast.parse(source)))
    chosen = random.Random(seed).sample(every, min(sample, len(every)))
    with tempfile.TemporaryDirectory() as scratch:
        folders: SimpleQueue[Path] = SimpleQueue()
        for number in range(workers):
            folders.put(copied(Path(scratch) / str(number)))
        if killed_first := _run(folders, module, tests, source):
            raise SystemExit(f"{name}: its tests fail without any mutation: {killed_first}")
        with ThreadPoolExecutor(workers) as pool:
            fates = list(
                pool.map(lambda one: _run(folders, module, tests, ast.unparse(one[1])), chosen)
            )
    for (what, _), fate in zip(chosen, fates, strict=True):
        if not fate:
            print(f"  survives  {module}:{what}")
    share = sum(fates) / len(fates)
    print(f"{name:10} {sum(fates)} of {len(fates)} killed ({share:.0%}); {len(every)} possible")
    return {"killed": round(share, 3), "sampled": len(fates)}


def _run(folders: SimpleQueue[Path], module: str, tests: tuple[str, ...], source: str) -> bool:
    folder = folders.get()
    try:
        return killed(folder, module, tests, source)
    finally:
        folders.put(folder)


def main() -> None:
    """Measure the named modules, or all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("modules", nargs="*", choices=[*MODULES, []], help="default: all")
    parser.add_argument("--sample", type=int, default=40, help="mutations of each module")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    names = options.modules or list(MODULES)
    print(
        json.dumps(
            {name: measure(name, options.sample, options.seed, options.workers) for name in names}
        )
    )


if __name__ == "__main__":
    main()
