"""The ways in which texts are set: wrapped lines, entities, typewriter marks, interviews, teasers,
front matter.
"""

from __future__ import annotations

import pytest
from conftest import article, quotes

from bot.extraction.extract import extract_quotes


def spoken(text: str) -> list[tuple[str, str | None]]:
    """(words, speaker) of a text's direct and partial quotes."""
    return [(words, who) for words, who, kind in quotes(text) if kind != "indirect"]


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = (
        "La digue tient encore\n\n"
        "La maire de Valmont, Ana Roy, a visité la digue ce\nmatin avec les pompiers. « Nous avons "
        "perdu un\n"
        "mois, mais la digue tient », a-t-elle\ndéclaré devant les habitants du quartier.\n\n"
        "Les travaux reprendront lundi, selon la mairie qui\nattend encore l’accord de l’État.\n"
    )
    assert spoken(text) == [("Nous avons perdu un\nmois, mais la digue tient", "Ana Roy")]


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("&laquo;&nbsp;", "&nbsp;&raquo;"),
        ("&ldquo;", "&rdquo;"),
        ("&quot;", "&quot;"),
        ("&#171; ", " &#187;"),
        ("<< ", " >>"),
        ("''", "''"),
        (",,", "''"),
        ("``", "''"),
    ],
)
def test_what_stands_for_a_mark(opening: str, closing: str) -> None:
    made = article(
        f"Un titre\n\n{opening}La digue tiendra cet hiver{closing}, a déclaré Ana Roy devant la "
        "presse."
    )
    (quote,) = extract_quotes(made)
    assert made.text[quote.start : quote.end] == "La digue tiendra cet hiver"
    assert quote.speaker and quote.speaker.name == "Ana Roy"


def test_entities_inside_words() -> None:
    made = article("Un titre\n\n« L&rsquo;eau monte », a r&eacute;p&eacute;t&eacute; Ana Roy.")
    (quote,) = extract_quotes(made)
    assert made.text[quote.start : quote.end] == "L&rsquo;eau monte"
    assert quote.speaker and quote.speaker.name == "Ana Roy"


def test_soft_hyphens_in_names() -> None:
    assert spoken(
        "Un titre\n\n« L’eau monte encore », a dit la maire Ana Mon\u00adta\u00adgnac."
    ) == [("L’eau monte encore", "Ana Montagnac")]


def test_a_post_without_capitals() -> None:
    text = (
        "« la digue tiendra cet hiver », a dit sophie lambrune devant la mairie. elle n’a rien "
        "ajouté de plus hier soir."
    )
    assert spoken(f"la digue de valmont\n\n{text}") == [
        ("la digue tiendra cet hiver", "sophie lambrune")
    ]


@pytest.mark.parametrize(("ask", "reply"), [("Q.", "R."), ("Q :", "R :"), ("Q. –", "R. –")])
def test_questions_and_answers_by_letter(ask: str, reply: str) -> None:
    text = (
        "La digue, un an après\n\nAna Roy, maire de Valmont, a suivi les travaux.\n\n"
        f"{ask} La digue tient-elle ?\n\n{reply} Elle tient depuis un an.\n\n"
        f"{ask} Et l’hiver prochain ?\n\n{reply} Nous verrons au printemps."
    )
    assert spoken(text) == [
        ("Elle tient depuis un an.", "Ana Roy"),
        ("Nous verrons au printemps.", "Ana Roy"),
    ]


def test_an_interview_without_any_sign() -> None:
    answers = [
        "Elle tient depuis un an, et rien ne laisse penser que cela va changer cet hiver.",
        "Nous avons prévu un deuxième ouvrage en amont, que l’État paiera pour moitié.",
        "Les habitants ont été prévenus un par un, et beaucoup nous ont aidés à remplir les sacs.",
    ]
    questions = [
        "La digue tient-elle ?",
        "Que se passera-t-il ensuite ?",
        "Les habitants sont-ils prêts ?",
    ]
    lines = [line for pair in zip(questions, answers, strict=True) for line in pair]
    text = "\n\n".join(
        ["La digue, un an après", "Ana Roy, maire de Valmont, a suivi les travaux.", *lines]
    )
    assert spoken(text) == [(answer, "Ana Roy") for answer in answers]


def test_a_transcript_with_the_speakers_in_capitals() -> None:
    text = (
        "A debate in Dunmere\n\nMayor Ruth Gray met reporter Tom Hale. Partial transcript as "
        "follows:\n\n"
        "“HALE: The pier has been closed for a year now.”\n\n“GRAY: It will open again before the "
        "summer.”"
    )
    assert [who for _, who in spoken(text)] == ["Tom Hale", "Ruth Gray"]


@pytest.mark.parametrize(
    "line",
    [
        "Lire aussi : « Nous avons eu peur de tout perdre », raconte un éleveur",
        "» LIRE AUSSI - « La digue a cédé cette nuit »",
        "» À VOIR AUSSI - « Gilets verts » : les annonces du préfet",
        "Read more: “We were afraid of losing everything,” a farmer says",
    ],
)
def test_teasers_are_no_quotes(line: str) -> None:
    text = (
        f"Un titre\n\nLa digue a tenu cette nuit, a dit Ana Roy.\n\n{line}\n\nLe préfet, lui, "
        "n’était pas là hier."
    )
    assert spoken(text) == []


def test_a_mark_left_open_in_the_title_never_reaches_the_front_matter() -> None:
    text = (
        "---\ntitle: Le maire : « Il ne faut pas attendre\npublisher: Le Courrier du "
        "Val\npublished: 2024-03-12\n---\n"
        "Le conseil a voté. On ne peut plus attendre », a dit Luc Morel, le maire de Valmont."
    )
    made = article(text)
    body = text.index("Le conseil")
    for quote in extract_quotes(made):
        first = [piece for piece in quote.segments if piece[0] < body]
        assert all(end <= text.index("publisher") for _, end in first)
        assert "publisher" not in made.text[quote.start : quote.end]
        assert "publisher" not in made.text[quote.context[0] : quote.context[1]]
