"""Which words stand between marks: every form of mark, nested, unclosed, over paragraphs."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from bot.domain.model import Span
from bot.extraction.marks import Marked, find_marked


def paragraphs(text: str) -> list[Span]:
    """The places of a text's paragraphs."""
    spans, at = [], 0
    for paragraph in text.split("\n\n"):
        spans.append((at, at + len(paragraph)))
        at += len(paragraph) + 2
    return spans


def shown(text: str, marked: Marked) -> str:
    """«[words|of another paragraph]», "open" where a mark is missing."""
    assert (marked.start, marked.end) == (marked.segments[0][0], marked.segments[-1][1])
    opener = text[marked.outer[0] : marked.start].strip()
    closer = text[marked.end : marked.outer[1]].strip()
    words = "|".join(text[start:end] for start, end in marked.segments)
    return f"{opener}[{words}]{closer}{'' if marked.closed else ' open'}"


def found(text: str) -> list[str]:
    """Everything between marks in a text."""
    return [shown(text, marked) for marked in find_marked(text, paragraphs(text))]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ana Roy ne dit rien.", []),
        ("Il dit « oui » et « non ».", ["«[oui]»", "«[non]»"]),
        ("Il dit “oui” et “non”.", ["“[oui]”", "“[non]”"]),
        ("Il dit „oui“ et „non”.", ["„[oui]“", "„[non]”"]),
        ("Il dit ‹ oui › et ``non''.", ["‹[oui]›", "``[non]''"]),
        ("Il dit ‘oui’ et ‘non’.", ["‘[oui]’", "‘[non]’"]),
        ('Il dit "oui", "non" et "si".', ['"[oui]"', '"[non]"', '"[si]"']),
        ("« Oui », « non » », dit Luc Morel.", ["«[Oui]»", "«[non]»"]),
        ("« » et « »", []),
        ("« »«oui»", ["«[oui]»"]),
    ],
)
def test_every_pair_of_marks(text: str, words: list[str]) -> None:
    assert found(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('"Oui"', ['"[Oui]"']),
        ('Il dit ("oui") et ["non"].', ['"[oui]"', '"[non]"']),
        ('Il dit «"oui"» puis "non".', ['«["oui"]»', '"[non]"']),
        ('Il dit "oui" ; elle, "non"…', ['"[oui]"', '"[non]"']),
        ('Il dit "oui" .', ['"[oui]"']),
        ('Il dit "oui ". Luc part.', ['"[oui]"']),
        ('Il dit " oui " et part.', ['"[oui]"']),
        ('Il dit "oui —", puis "non".', ['"[oui —]"', '"[non]"']),
        ('Il dit "oui "— puis "non".', ['"[oui]"', '"[non]"']),
        ('Il dit " oui "', ['"[oui]"']),
        ('Il dit -"oui"- puis/"non"/', ['"[oui]"', '"[non]"']),
        ("L'avis d'\"Ana\" compte.", ['"[Ana]"']),
        ('Les "non"s et les "oui"s', ['"[non]"', '"[oui]"']),
        ('Luc Morel dit :"oui".', ['"[oui]"']),
    ],
)
def test_a_straight_mark_opens_or_closes_by_what_stands_beside_it(
    text: str, words: list[str]
) -> None:
    assert found(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('He is 6\'3" and said "yes" twice.', ['"[yes]"']),
        ('He is 6\' 11" and said "yes".', ['"[yes]"']),
        ('He is 6’3" and said "yes".', ['"[yes]"']),
        ('He lived in "Room 12" then.', ['"[Room 12]"']),
        ("L’équipe d’Ana, c’est ‘tout’.", ["‘[tout]’"]),
        ("Il dit ‘la digue d’Ana’ encore.", ["‘[la digue d’Ana]’"]),
        ("the ‘90s and ‘80s", []),
        ("aujourd‘hui, dit-elle, ‘oui’", ["‘[oui]’"]),
        ("‘Oui et rien de plus", []),
        ("Ana ’ Roy ‘oui’", ["‘[oui]’"]),
    ],
)
def test_inches_and_apostrophes_are_no_marks(text: str, words: list[str]) -> None:
    assert found(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Il dit ”oui” puis ”non”.", ["”[oui]”", "”[non]”"]),
        ("Il dit “oui“ puis “non“.", ["“[oui]“", "“[non]“"]),
        ("Il dit “ oui “ et part.", ["“[oui]“"]),
        ("Il dit (“oui“) et part.", ["“[oui]“"]),
        ("Ana“oui” et Luc“non”", ["“[oui]”", "“[non]”"]),
        ("Il dit „la “digue“ tient“, sûr.", ["„[la “digue“ tient]“"]),
    ],
)
def test_curly_marks_the_wrong_way_round(text: str, words: list[str]) -> None:
    assert found(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("« Le mot “digue” fait peur », dit-il.", ["«[Le mot “digue” fait peur]»"]),
        ("« Le mot « digue » fait peur », dit-il.", ["«[Le mot « digue » fait peur]»"]),
        ("« Le « pont » tient », puis « oui ».", ["«[Le « pont » tient]»", "«[oui]»"]),
        ("“Le mot ‘digue’ fait peur”, dit-il.", ["“[Le mot ‘digue’ fait peur]”"]),
        ('"Le mot « digue » fait peur", dit-il.', ['"[Le mot « digue » fait peur]"']),
        ('« Le mot "digue" », puis « oui ».', ['«[Le mot "digue"]»', "«[oui]»"]),
        ("« Un “deux ‘trois’ deux” un » fin.", ["«[Un “deux ‘trois’ deux” un]»"]),
        ("« Un “deux ‘trois deux” un » fin.", ["«[Un “deux ‘trois deux” un]»"]),
        ("« Un “deux un » fin « deux ».", ["«[Un “deux un]»", "«[deux]»"]),
        ("« Un ‘deux un » fin.", ["«[Un ‘deux un]»"]),
        ("« Un ” deux » fin.", ["«[Un]”"]),
        ("« L’avis d’Ana », dit-il.", ["«[L’avis d’Ana]»"]),
        ("« Les élus’ », dit-il.", ["«[Les élus’]»"]),
    ],
)
def test_nested_marks_belong_to_the_outer_words(text: str, words: list[str]) -> None:
    assert found(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Il dit « oui", ["«[oui] open"]),
        ("Il dit « Oui", ["«[Oui] open"]),
        ('"Oui. "Non", dit-il.', ['"[Oui.] open', '"[Non]"']),
        ("“Oui. ”Non”, dit-il.", ["“[Oui.] open", "”[Non]”"]),
        ('La digue tiendra ", dit-il.', ['[La digue tiendra]" open']),
        ('Il dit "oui', ['"[oui] open']),
        ("« Oui. « Non », dit-il.", ["«[Oui.] open", "«[Non]»"]),
        ("« Oui, « Non », dit-il.", ["«[Oui,] open", "«[Non]»"]),
        ("« Oui « Non », dit-il.", ["«[Non]»"]),
        ("« Oui. « Non « si », dit-il.", ["«[Oui.] open", "«[si]»"]),
        ("La digue tiendra », dit-il.", ["[La digue tiendra]» open"]),
        ("  La digue tiendra”, dit-il.", ["[La digue tiendra]” open"]),
        ('La digue tiendra", dit-il.', ['[La digue tiendra]" open']),
        ("la digue tiendra », dit-il.", []),
        ("La digue\ntiendra », dit-il.", []),
        ("La digue tiendra›, dit-il.", []),
        ("La digue tiendra’, dit-il.", []),
        (" », dit-il.", []),
    ],
)
def test_a_missing_mark(text: str, words: list[str]) -> None:
    assert found(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("« Un.\n\n« Deux.\n\n« Trois », dit-il.", ["«[Un.|Deux.|Trois]»"]),
        ("« Un.\n\nDeux.\n\nTrois », dit-il.", ["«[Un.|Deux.|Trois]»"]),
        ("« Un.\n\nDeux.\n\nTrois.\n\nQuatre », dit-il.", ["«[Un.|Deux.|Trois.|Quatre]»"]),
        ('"Un.\n\n"Deux", dit-il.', ['"[Un.|Deux]"']),
        ('"Un.\n\nDeux", dit-il.', ['"[Un.|Deux]"']),
        ("Oui.\n\n« Un.\n\nDeux », dit-il.", ["«[Un.|Deux]»"]),
        ("« Un.\n\n« deux “trois” », dit-il.", ["«[Un.|deux “trois”]»"]),
        ("« Un.\n\n« Deux », « trois ».", ["«[Un.|Deux]»", "«[trois]»"]),
        ("« 1er mai.\n\nDeux », dit-il.", ["«[1er mai.|Deux]»"]),
        ("« Un.\n\n  \n\nDeux », dit-il.", ["«[Un.|Deux]»"]),
        ("« Un “deux.\n\n« Trois” quatre », dit-il.", ["«[Un “deux.|Trois]”"]),
    ],
)
def test_words_that_run_over_paragraphs(text: str, words: list[str]) -> None:
    assert found(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("« Un.\n\nAna parle.", ["«[Un.] open"]),
        ("« Un.\n\nAna dit « deux ».", ["«[Un.] open", "«[deux]»"]),
        ("« Un.\n\nAna dit “deux”.", ["«[Un.] open", "“[deux]”"]),
        ("« Un.\n\n“Deux”, dit-il.", ["«[Un.] open", "“[Deux]”"]),
        ("« Un.\n\nDeux”, dit-il.", ["«[Un.] open", "[Deux]” open"]),
        ("« un.\n\nDeux », dit-il.", ["«[un.] open", "[Deux]» open"]),
        (
            "« Un.\n\nDeux.\n\nTrois.\n\nQuatre.\n\nCinq », dit-il.",
            ["«[Un.] open", "[Cinq]» open"],
        ),
        ("Il dit « oui “non.\n\nAna dit « deux ».", ["«[oui “non.] open", "«[deux]»"]),
    ],
)
def test_a_stray_mark_spoils_no_more_than_its_paragraph(text: str, words: list[str]) -> None:
    assert found(text) == words


def test_a_transcript_is_one_quotation_a_paragraph() -> None:
    four = "« Un.\n\n« Deux.\n\n« Trois.\n\n« Quatre"
    assert found(f"{four} », dit-il.") == ["«[Un.|Deux.|Trois.|Quatre]»"]
    text = f"{four}.\n\n« Cinq », dit-il."
    assert found(text) == ["[Un.]", "[Deux.]", "[Trois.]", "[Quatre.]", "[Cinq]"]


def test_only_the_given_paragraphs_are_read() -> None:
    text = "« Un »\n\n« Deux »\n\n« Trois »"
    assert [shown(text, one) for one in find_marked(text, paragraphs(text)[1:2])] == ["«[Deux]»"]


def test_marked_words_are_a_fact_and_no_dialogue() -> None:
    (marked,) = find_marked("« Oui »", [(0, 7)])
    assert marked == Marked(2, 5, (0, 7), ((2, 5),))
    assert (marked.closed, marked.dialogue, marked.label) == (True, False, None)
    with pytest.raises(FrozenInstanceError):
        marked.end = 6  # type: ignore[misc]
