"""The search engines that a user would pick instead, over the same documents and questions, in the
same run.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rapidfuzz import fuzz, process, utils

from bot.search.terms import stem, words

Ranking = list[tuple[str, float]]
Search = Callable[[str], Ranking]
_TOP = 60
_LUCENE = re.compile(r"[^\w\s]+")


def fuzzy(ids: Sequence[str], texts: Sequence[str], scorer: Callable[..., float]) -> Search:
    """rapidfuzz's ``process.extract`` over all texts."""
    ready = [utils.default_process(text) for text in texts]

    def search(query: str) -> Ranking:
        found = process.extract(utils.default_process(query), ready, scorer=scorer, limit=_TOP)
        return [(ids[at], score) for _, score, at in found]

    return search


def bm25(ids: Sequence[str], texts: Sequence[str], language: str) -> Search:
    """bm25s over Snowball stems."""
    import bm25s

    retriever = bm25s.BM25()
    retriever.index(
        [[stem(word, language) for word in words(text)] or ["-"] for text in texts],
        show_progress=False,
    )
    size = min(_TOP, len(ids))

    def search(query: str) -> Ranking:
        found, scores = retriever.retrieve(
            [[stem(word, language) for word in words(query)] or ["-"]], k=size, show_progress=False
        )
        return [(ids[int(at)], float(score)) for at, score in zip(found[0], scores[0], strict=True)]

    return search


def tantivy_fuzzy(ids: Sequence[str], texts: Sequence[str], distance: int) -> Search:
    """tantivy with fuzzy term queries of an edit distance."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("at", stored=True)
    builder.add_text_field("text")
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer(heap_size=200_000_000, num_threads=1)
    for at, text in enumerate(texts):
        writer.add_document(tantivy.Document(at=at, text=text))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(query: str) -> Ranking:
        terms = _LUCENE.sub(" ", query.lower()).split()
        parts = [
            (
                tantivy.Occur.Should,
                tantivy.Query.fuzzy_term_query(
                    schema, "text", term, distance=distance if len(term) > 3 else 0, prefix=False
                ),
            )
            for term in terms[:60]
        ]
        hits = searcher.search(tantivy.Query.boolean_query(parts), _TOP).hits if parts else []
        return [(ids[searcher.doc(address)["at"][0]], float(score)) for score, address in hits]

    return search


def fts5(ids: Sequence[str], texts: Sequence[str]) -> Search:
    """SQLite's FTS5 with the trigram tokeniser."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE quotes USING fts5(text, tokenize='trigram')")
    base.executemany(
        "INSERT INTO quotes(rowid, text) VALUES (?, ?)",
        ((at, " ".join(words(text))) for at, text in enumerate(texts)),
    )

    def search(query: str) -> Ranking:
        folded = " ".join(words(query))
        grams = {folded[at : at + 3] for at in range(len(folded) - 2)}
        if not grams:
            return []
        match = " OR ".join(f'"{gram}"' for gram in sorted(grams) if '"' not in gram)
        rows = base.execute(
            "SELECT rowid, -bm25(quotes) FROM quotes WHERE quotes MATCH ? ORDER BY rank LIMIT ?",
            (match, _TOP),
        ).fetchall()
        return [(ids[at], float(score)) for at, score in rows]

    return search


def searches(ids: Sequence[str], texts: Sequence[str], language: str) -> dict[str, Search]:
    """All peers, ready to search."""
    return {
        "rapidfuzz WRatio": fuzzy(ids, texts, fuzz.WRatio),
        "rapidfuzz token_set_ratio": fuzzy(ids, texts, fuzz.token_set_ratio),
        "bm25s, stemmed": bm25(ids, texts, language),
        "tantivy, fuzzy distance 2": tantivy_fuzzy(ids, texts, 2),
        "SQLite FTS5 trigram": fts5(ids, texts),
    }


def peer_rows(matching: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """For each peer the rows that the scorer reads; a peer's confidence is its margin over the next
    group.
    """
    docs = matching["docs"]
    ids, texts = list(docs), [doc["text"] for doc in docs.values()]
    for name, search in searches(ids, texts, matching["lang"]).items():
        rows = []
        for query, given in matching["queries"].items():
            start = time.perf_counter()
            found = search(given["text"])
            spent = (time.perf_counter() - start) * 1000
            right = matching["qrels"][query]
            out = {*right, *(docs[doc].get("group", doc) for doc in right)}
            left = [
                item
                for item in found
                if item[0] not in out and docs[item[0]].get("group", item[0]) not in out
            ]
            rows.append(
                {
                    "query": query,
                    "results": [list(item) for item in found[:20]],
                    "confidence": _margin(found, docs),
                    "confidence_without": _margin(left, docs),
                    "ms": spent,
                }
            )
        yield name, rows


def _margin(found: Ranking, docs: dict[str, Any]) -> float:
    if not found:
        return 0.0
    first, score = found[0]
    group = docs[first].get("group", first)
    other = next((value for doc, value in found[1:] if docs[doc].get("group", doc) != group), 0.0)
    return score - other
