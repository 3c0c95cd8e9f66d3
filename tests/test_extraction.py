"""Extraction by phenomenon, on texts written for it: who said which words, and what is no
speech.
"""

from __future__ import annotations

import json

import pytest
from conftest import ROOT, article, quotes

from bot.extraction.extract import extract_quotes
from bot.reading.source import Metadata, read_bytes

pytestmark = pytest.mark.usefixtures("with_reader")

FR = [
    ("inversion", "« Nous partons demain », a-t-il ajouté. Paul Roux ferme la porte.", None),
    (
        "name after verb",
        "« Nous partons demain », a déclaré Paul Roux.",
        ("Nous partons demain", "Paul Roux", "direct"),
    ),
    (
        "unknown verb",
        "« Nous partons demain », maugrée un voisin.",
        ("Nous partons demain", "un voisin", "direct"),
    ),
    (
        "colon",
        "Paul Roux hausse les épaules : « Nous partons demain. »",
        ("Nous partons demain.", "Paul Roux", "direct"),
    ),
    (
        "label",
        "P. Roux est là. Et Paul Roux : « Nous partons. »",
        ("Nous partons.", "Paul Roux", "direct"),
    ),
    (
        "according",
        "Selon Paul Roux, le pont est « proche de la ruine ».",
        ("proche de la ruine", "Paul Roux", "partial"),
    ),
    (
        "that",
        "Paul Roux assure que le pont est « proche de la ruine ».",
        ("proche de la ruine", "Paul Roux", "partial"),
    ),
    (
        "organisation",
        "« Nous partons demain », indique la CGT.",
        ("Nous partons demain", "CGT", "direct"),
    ),
    (
        "acronym",
        "La Ligue des marins (LDM) proteste. « C’est assez dit », écrit la LDM.",
        ("C’est assez dit", "Ligue des marins", "direct"),
    ),
    (
        "document",
        "« Le pont doit fermer », conclut le rapport.",
        ("Le pont doit fermer", "rapport", "direct"),
    ),
    (
        "anonymous",
        "« Le pont doit fermer », confie une source proche du dossier.",
        ("Le pont doit fermer", "une source proche du dossier", "direct"),
    ),
    (
        "collective",
        "« Le pont doit fermer », clament les riverains.",
        ("Le pont doit fermer", "riverains", "direct"),
    ),
    (
        "mismatched closer",
        '« Le pont doit fermer ", dit Paul Roux.',
        ("Le pont doit fermer", "Paul Roux", "direct"),
    ),
    (
        "german marks",
        "„Le pont doit fermer“, dit Paul Roux.",
        ("Le pont doit fermer", "Paul Roux", "direct"),
    ),
    (
        "angle marks",
        "‹ Le pont doit fermer ›, dit Paul Roux.",
        ("Le pont doit fermer", "Paul Roux", "direct"),
    ),
    (
        "missing opener",
        "Le pont doit fermer », dit Paul Roux.",
        ("Le pont doit fermer", "Paul Roux", "direct"),
    ),
    (
        "missing closer",
        "Paul Roux a dit : « Le pont doit fermer.",
        ("Le pont doit fermer.", "Paul Roux", "direct"),
    ),
    (
        "nested",
        "« Il crie “au loup” chaque jour », dit Paul Roux.",
        ("Il crie “au loup” chaque jour", "Paul Roux", "direct"),
    ),
]


@pytest.mark.parametrize(
    ("text", "expected"), [row[1:] for row in FR if row[2]], ids=[row[0] for row in FR if row[2]]
)
def test_french_forms(text: str, expected: tuple[str, str, str]) -> None:
    assert [q for q in quotes(f"Un titre\n\n{text}") if q[2] != "indirect"] == [expected]


EN = [
    (
        "said after",
        "“We leave at dawn,” said Ruth Gray.",
        ("We leave at dawn,", "Ruth Gray", "direct"),
    ),
    (
        "said before",
        "Ruth Gray said: “We leave at dawn.”",
        ("We leave at dawn.", "Ruth Gray", "direct"),
    ),
    (
        "postposed",
        "“We leave at dawn,” Ruth Gray, the harbour master, told reporters.",
        ("We leave at dawn,", "Ruth Gray", "direct"),
    ),
    ("question", "“Do we leave?” Ruth Gray asked.", ("Do we leave?", "Ruth Gray", "direct")),
    (
        "according",
        "According to Ruth Gray, the pier is “close to ruin”.",
        ("close to ruin", "Ruth Gray", "partial"),
    ),
    (
        "british",
        "‘It’s time we left,’ said Ruth Gray.",
        ("It’s time we left,", "Ruth Gray", "direct"),
    ),
    (
        "compound",
        "“We leave at dawn,” harbour spokeswoman Ruth Gray said.",
        ("We leave at dawn,", "Ruth Gray", "direct"),
    ),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in EN], ids=[row[0] for row in EN])
def test_english_forms(text: str, expected: tuple[str, str, str]) -> None:
    body = (
        f"A headline about the harbour\n\n{text} The boats were in the bay and the wind was rising."
    )
    assert [q for q in quotes(body) if q[2] != "indirect"] == [expected]


def test_pronouns_and_roles_find_their_holder() -> None:
    text = (
        "La maire quitte la salle\n\nLa maire de Valmont, Ana Roy, a pris la parole. « Je reste », "
        "a-t-elle dit.\n\n"
        "Le préfet, Luc Morel, était absent. « Nous verrons bien », a-t-il écrit.\n\n« Je "
        "n’attends plus », a conclu la maire."
    )
    assert [(q[0], q[1]) for q in quotes(text) if q[2] != "indirect"] == [
        ("Je reste", "Ana Roy"),
        ("Nous verrons bien", "Luc Morel"),
        ("Je n’attends plus", "Ana Roy"),
    ]


def test_incise_cuts_the_quote() -> None:
    made = article("Un titre\n\n« Nous irons, dit Ana Roy, jusqu’au bout du chemin. »")
    (quote,) = extract_quotes(made)
    assert quote.speaker and quote.speaker.name == "Ana Roy"
    assert [made.text[slice(*piece)] for piece in quote.segments] == [
        "Nous irons",
        "jusqu’au bout du chemin.",
    ]


@pytest.mark.parametrize("second", ["« La seconde finit ici. »", "La seconde finit ici. »"])
def test_a_quote_over_paragraphs_is_one(second: str) -> None:
    made = article(f"Un titre\n\nAna Roy a dit : « La première phrase est longue.\n\n{second}")
    (quote,) = extract_quotes(made)
    assert [made.text[slice(*piece)] for piece in quote.segments] == [
        "La première phrase est longue.",
        "La seconde finit ici.",
    ]


def test_a_stray_mark_spoils_no_more_than_its_paragraph() -> None:
    text = "Un titre\n\nUn mot « perdu dans la phrase.\n\n« Tout va bien ici », a dit Ana Roy."
    assert ("Tout va bien ici", "Ana Roy", "direct") in quotes(text)


@pytest.mark.parametrize(
    "text",
    [
        "Le film « La Nuit des autres » sort mercredi.",
        "Les « gilets bleus » défilent. Les gilets bleus sont mille.",
        "Il a lu « Le Courrier du Val » toute la matinée.",
        "Une affaire « classée » depuis deux ans.",
    ],
)
def test_not_speech(text: str) -> None:
    assert [q for q in quotes(f"Un titre\n\n{text}") if q[2] != "indirect"] == []


def test_dialogue_of_dashes() -> None:
    text = (
        "Rencontre\n\nAna Roy répare des horloges. « Entrez », dit-elle.\n– Depuis quand ?\n– "
        "Depuis toujours.\n"
        "– Et demain ?\n– Demain aussi, si tout va bien."
    )
    assert [q[:2] for q in quotes(text)][1:] == [
        ("Depuis toujours.", "Ana Roy"),
        ("Demain aussi, si tout va bien.", "Ana Roy"),
    ]


def test_two_speakers_alternate() -> None:
    text = (
        "Dispute\n\nLa maire, Ana Roy, fait face au préfet, Luc Morel. « Vous mentez », lance la "
        "maire. "
        "« C’est faux », répond le préfet. « Prouvez-le donc ! » « Je le ferai. »"
    )
    assert [q[1] for q in quotes(text)][:2] == ["Ana Roy", "Luc Morel"]


@pytest.mark.parametrize(
    ("text", "clause", "speaker"),
    [
        ("Ana Roy a affirmé que la digue tiendrait.", "que la digue tiendrait", "Ana Roy"),
        ("Selon le préfet, la digue tiendra cet hiver.", "la digue tiendra cet hiver", "préfet"),
        ("La digue tiendra cet hiver, a assuré Ana Roy.", "La digue tiendra cet hiver", "Ana Roy"),
        ("Il a été rapporté que la digue fuyait.", "que la digue fuyait", None),
        ("Ana Roy dit avoir vu la digue trembler.", "avoir vu la digue trembler", "Ana Roy"),
    ],
)
def test_reported(text: str, clause: str, speaker: str | None) -> None:
    assert quotes(f"Un titre\n\n{text}") == [(clause, speaker, "indirect")]


def test_mixed_keeps_both() -> None:
    found = quotes(
        "Un titre\n\nAna Roy a affirmé que la digue était « plus solide que jamais » cette année."
    )
    assert {kind for _, _, kind in found} == {"partial", "indirect"}


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("mardi", "2024-03-12"),
        ("mercredi", "2024-03-06"),
        ("hier", "2024-03-11"),
        ("le 4 mars", "2024-03-04"),
        ("mardi dernier", "2024-03-05"),
        ("le 20 décembre", "2023-12-20"),
    ],
)
def test_said_on(words: str, day: str) -> None:
    made = article(
        f"Un titre\n\n« Tout va bien ici », a déclaré {words} Ana Roy.", published="2024-03-12"
    )
    (quote,) = extract_quotes(made)
    assert quote.said_on and (quote.said_on.words, quote.said_on.day.isoformat()) == (words, day)
    (undated,) = extract_quotes(
        article(f"Un titre\n\n« Tout va bien ici », a déclaré {words} Ana Roy.")
    )
    assert undated.said_on is None


def test_the_day_inside_a_quote_is_not_when_it_was_said() -> None:
    made = article("Un titre\n\n« Nous partons mardi », a déclaré Ana Roy.", published="2024-03-12")
    assert [q.said_on for q in extract_quotes(made)] == [None]


@pytest.mark.parametrize("name", ["own_fr", "own_en", "seed"])
def test_gold_rows_are_slices(name: str) -> None:
    for line in (ROOT / "seeds" / "gold" / f"{name}.jsonl").read_text("utf-8").splitlines():
        document = json.loads(line)
        for row in document["quotes"] + document["indirect"]:
            assert document["text"][row["start"] : row["end"]] == row["text"]


@pytest.mark.parametrize("name", ["own_fr", "own_en"])
def test_forms_and_days_of_the_own_texts(name: str) -> None:
    """Nine in ten of the found quotes have the gold kind, and dated ones the gold day."""
    kinds, days = [], []
    for line in (ROOT / "seeds" / "gold" / f"{name}.jsonl").read_text("utf-8").splitlines():
        document = json.loads(line)
        made = read_bytes(document["text"].encode(), document["id"], Metadata())
        found = {(q.start, q.end): q for q in extract_quotes(made) if q.kind != "indirect"}
        for row in document["quotes"]:
            quote = found.get((row["start"], row["end"]))
            if quote and row.get("form"):
                kinds.append(quote.kind == row["form"])
            if quote and row.get("said_on"):
                days.append(
                    quote.said_on is not None
                    and quote.said_on.day.isoformat() == row["said_on"]["date"]
                )
    assert sum(kinds) / len(kinds) > 0.9
    assert sum(days) / len(days) > 0.9
