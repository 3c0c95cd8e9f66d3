"""The learned reader: windows over an article, pieces with their places, scores, and what happens
without it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import article
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import VerbatimError
from bot.extraction.extract import extract_quotes
from bot.reader.reader import FOLDER, Reader, installed
from bot.reader.windows import LONGEST, Place, Tokens, windows

pytestmark = pytest.mark.usefixtures("with_reader")
SEEN = (
    "La digue tient\n\nLuc Morel, maire de Valmont, a visité le chantier avec Ana Roy. "
    "« La digue tiendra cet hiver », a-t-il assuré. Ana Roy n’y croit pas : « Elle cédera. »"
)


@pytest.fixture(scope="module")
def reader(with_reader: None) -> Reader:
    found = installed()
    if found is None:
        pytest.skip("onnxruntime or tokenizers has no wheel for this machine")
    return found


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(1, 1500),
    spans=st.lists(st.tuples(st.integers(0, 1499), st.integers(1, 300)), max_size=12),
)
def test_windows_hold_every_token_and_every_stretch_once(
    count: int, spans: list[tuple[int, int]]
) -> None:
    tokens = Tokens(list(range(4, count + 4)), range(0, 2 * count, 2), range(1, 2 * count + 1, 2))
    places = [Place((2 * a, 2 * min(a + n, count)), 0) for a, n in spans if a < count]
    made = windows(tokens, places, [])
    held = {w.start + i for w in made for i in range(len(w.ids) - 2)}
    assert held == set(range(count))
    assert all(len(w.ids) <= LONGEST for w in made)
    assert sorted(i for w in made for i in w.stretches) == list(range(len(places)))
    assert all(1 <= a <= b <= len(w.ids) - 2 for w in made for a, b in w.stretches_at)


def test_pieces_keep_their_places(reader: Reader) -> None:
    text = "«\u00a0Rien\u00ad n’est perdu\u00a0», a déclaré Éric Dœring à 10\u202f%."
    tokens = reader.read(text).tokens
    shown = [text[a:b] for a, b in zip(tokens.starts, tokens.ends, strict=True)]
    assert "".join(shown).replace("\u00ad", "") == "".join(text.replace("\u00ad", "").split())
    assert not any(piece[:1].isspace() for piece in shown)


def test_a_mention_that_names_the_speaker_scores_best(reader: Reader) -> None:
    text = SEEN
    names = ["Luc Morel", "Valmont", "Ana Roy"]
    mentions = [Place((text.index(n), text.index(n) + len(n)), 1, "name") for n in names]
    at = text.index("-t-il")
    mentions.append(Place((at, at + 5), 2, "pronoun"))
    start = text.index("La digue tiendra")
    (score,) = reader.read(text).scores([Place((start, start + 28), 2)], mentions)
    assert max(score.beside, key=score.beside.__getitem__) == 3
    assert score.anywhere[0] > score.anywhere[1]
    assert score.speech > 0


def test_the_same_text_gives_the_same_scores(reader: Reader) -> None:
    one, other = reader.read(SEEN), reader.read(SEEN)
    assert np.array_equal(one.reported(), other.reported())
    assert np.allclose(one.reported().sum(1), 1, atol=1e-4)


@pytest.mark.parametrize("text", ["", " \n", "x", "«", "😀" * 3000, "a\0b", "\ud800"])
def test_odd_texts_are_read(reader: Reader, text: str) -> None:
    read = reader.read(text)
    scores = read.scores([Place((0, len(text)), 0)], [Place((0, 1), 0, "name")])
    assert len(scores) == 1
    assert len(read.reported()) == len(read.tokens.ids)


def test_extraction_goes_on_without_a_reader() -> None:
    made = article(SEEN)
    with_it, without = extract_quotes(made), extract_quotes(made, reader=None)
    assert [q.id for q in with_it if q.kind != "indirect"] == [
        q.id for q in without if q.kind != "indirect"
    ]
    assert all(q.speaker for q in without if q.kind != "indirect")


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(FOLDER, folder)
    (folder / "heads.npz").write_bytes(b"x")
    with pytest.raises(VerbatimError, match=r"heads\.npz is damaged.*VERBATIM_READER=off"):
        Reader(folder)
    (folder / "heads.npz").unlink()
    with pytest.raises(VerbatimError, match="is missing"):
        Reader(folder)


def test_it_can_be_turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERBATIM_READER", "off")
    assert installed() is None


@pytest.mark.slow
def test_asking_never_loads_it(tmp_path: Path) -> None:
    store = f"tinydb:{tmp_path / 'store.json'}"
    code = (
        "import sys; from handlers.cli import main; main(sys.argv[1:]); "
        "print('onnxruntime' in sys.modules, 'tokenizers' in sys.modules, file=sys.stderr)"
    )
    for line in (["ask", "digue", "--json"], ["ask", "guerre de Poutine", "--json"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *line],
            capture_output=True,
            text=True,
            check=True,
            env={
                "VERBATIM_STORE": store,
                "PATH": "",
                "HOME": str(tmp_path),
                "VERBATIM_ENCODER": "off",
            },
        )
    assert done.stderr.split()[-2:] == ["False", "False"]  # the first one filled the store
