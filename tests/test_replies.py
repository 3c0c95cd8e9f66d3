"""What readers see: quotes in blockquotes, reports labelled, nothing invented, nothing
unescaped.
"""

from __future__ import annotations

from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from botapi_html import parse_html, utf16_length
from conftest import ROOT, article

from bot.conversation.commands import COMMANDS, Conversation
from bot.domain.model import Paged
from bot.domain.reply import Reply
from bot.replies.lists import (
    article_reply,
    articles_reply,
    recent_reply,
    speaker_reply,
    speakers_reply,
)
from bot.replies.phrases import LANGUAGES, phrases
from bot.replies.quote import quote_reply
from bot.replies.reply import answer_reply
from bot.replies.source import source_reply
from bot.replies.talk import (
    admin_reply,
    admins_choose_reply,
    busy_reply,
    failure_reply,
    forgotten_reply,
    gone_reply,
    help_reply,
    language_reply,
    lost_question_reply,
    no_text_reply,
    privacy_reply,
    search_usage,
    source_usage,
    start_reply,
    timeline_usage,
    unknown_command_reply,
)
from bot.services.desk import Desk
from handlers.terminal import Terminal
from storage.memory import MemoryStore

FR, EN = phrases("fr"), phrases("en")


def check(reply: Reply) -> None:
    """Telegram would take it: markup, length, buttons."""
    text, _ = parse_html(reply.html)
    assert 0 < utf16_length(text) <= 4096
    for row in reply.buttons:
        for button in row:
            assert button.label.strip()
            assert button.action is None or 0 < len(button.action.encode()) <= 64


def test_answer(desk: Desk) -> None:
    reply = answer_reply(desk.ask("Nous n'avons aucune indication que la Russie planifie"), FR)
    check(reply)
    assert "<blockquote>« " in reply.html
    assert "<b>Jens Stoltenberg</b>" in reply.html
    assert "16 novembre 2022" in reply.plain
    assert reply.buttons[0][0].action and reply.buttons[0][0].action.startswith("s:q")


def test_partial_within_its_sentence(desk: Desk) -> None:
    reply = answer_reply(desk.ask("se tient fermement"), FR)
    assert "<b>se tient fermement</b>" in reply.html
    assert "derrière la Pologne" in reply.plain


def test_reported_is_labelled_and_without_marks(desk: Desk) -> None:
    reply = answer_reply(
        desk.ask("planificateurs de mission russes coordonnées missile de croisière"), FR
    )
    assert "rapporté" in reply.plain
    start = reply.html.index("<blockquote>")
    block = reply.html[start : reply.html.index("</blockquote>")]
    assert not set('«»“”"') & set(block)
    assert "reported" in answer_reply(desk.ask("planificateurs de mission russes"), EN).plain


@pytest.mark.parametrize(
    ("say", "opening"), [(FR, "Aucune citation trouvée"), (EN, "No quotes found")]
)
def test_nothing_found(desk: Desk, say: object, opening: str) -> None:
    for question in (
        "Que dit Merkel ?",
        "Que dit Biden du prix du blé ?",
        "horaires des trains",
    ):
        reply = answer_reply(desk.ask(question), phrases("fr" if say is FR else "en"))
        check(reply)
        assert reply.plain.startswith(opening)
        assert str(desk.index.size[0]) in reply.plain
        assert "blockquote" not in reply.html
        assert not set("«»“”") & set(reply.plain)


def test_empty_store() -> None:
    reply = answer_reply(Desk.over(MemoryStore()).ask("Otan"), FR)
    assert "aucun article" in reply.plain


def test_source_marks_the_quote(desk: Desk) -> None:
    match = desk.ask("se tient fermement").matches[0]
    reply = source_reply(match.passage, desk.store.quotes(match.article.id), FR)
    check(reply)
    assert "<b>se tient fermement</b>" in reply.html
    assert match.article.sha256[:12] in reply.plain
    assert "Mis à jour : 16 novembre 2022" in reply.plain
    assert len(reply.buttons) > 3


def test_source_of_a_very_long_paragraph() -> None:
    filler = "La rivière monte encore ce soir. " * 300
    made = article(
        f"La crue\n\n{filler}« Personne ne dort ici depuis trois jours », a déclaré Ana Roy. "
        f"{filler}"
    )
    desk = Desk.over(MemoryStore())
    desk.ingest(made)
    match = desk.ask("Personne ne dort ici").matches[0]
    reply = source_reply(match.passage, (), FR)
    check(reply)
    assert "<b>Personne ne dort ici depuis trois jours</b>" in reply.html


def test_markup_in_articles_and_questions_is_escaped() -> None:
    made = article(
        "Le <b>titre</b> & co\n\n« Il faut <i>tout</i> revoir & vite, sans </blockquote> détour », "
        "a déclaré Ana <Roy> Roy."
    )
    desk = Desk.over(MemoryStore())
    desk.ingest(made)
    answer = desk.ask("<i>revoir</i> & vite, sans détour")
    assert answer.matches
    for say in (FR, EN):
        for reply in (
            answer_reply(answer, say),
            source_reply(answer.matches[0].passage, (), say),
            quote_reply(answer.matches[0].passage, say),
        ):
            check(reply)
            assert "<i>tout" not in reply.html
            assert "<i>tout</i> revoir" in reply.plain


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_message_renders(desk: Desk, code: str) -> None:
    say = phrases(code)
    speaker = next(iter(desk.index.speakers))
    told = [(command.name, command.menu(say)) for command in COMMANDS]
    nothing: Paged[Any] = Paged.of((), 0, 5)
    made, quotes = desk.article(next(iter(desk.index.articles)))
    replies = [
        start_reply(say, 28, 1),
        start_reply(say, 1, 1),
        help_reply(say, told),
        search_usage(say),
        source_usage(say),
        gone_reply(say),
        no_text_reply(say),
        unknown_command_reply(say, "/x<b>"),
        failure_reply(say, "ab12"),
        speaker_reply(*desk.speaker(speaker, 0, 5), say),
        help_reply(say, told, "search"),
        timeline_usage(say, "Zoé"),
        lost_question_reply(say),
        language_reply(say),
        language_reply(say, True),
        privacy_reply(say, None),
        privacy_reply(say, code),
        forgotten_reply(say),
        busy_reply(say, 1),
        busy_reply(say, 9),
        admin_reply("a", "KeyError", "x\n<y>"),
        speakers_reply(desk.speakers(size=8), "", say),
        speakers_reply(nothing, "Zoé", say),
        speakers_reply(nothing, "", say),
        articles_reply(desk.articles(size=8), "", say),
        articles_reply(nothing, "", say),
        articles_reply(nothing, "x", say),
        recent_reply(desk.recent(size=5), say),
        recent_reply(nothing, say),
        article_reply(made, Paged.of(quotes, 1, 5), say),
        unknown_command_reply(say, "/x", "/y"),
        admins_choose_reply(say),
    ]
    for reply in replies:
        check(reply)
        assert "{" not in reply.plain
    assert all(0 < len(line) <= 256 for _, line in told)


def test_start_fits_a_phone_screen() -> None:
    for say in (FR, EN):
        assert len(start_reply(say, 28, 1).plain) < 700


def messages() -> set[object]:
    found: set[object] = set()
    for room in ("bot/replies", "bot/conversation", "handlers"):
        for _, _, message, _, _ in extract_from_dir(
            str(ROOT / room), keywords={"say": None, "many": (1, 2)}
        ):
            found.add(message if isinstance(message, str) else tuple(message))
    return found


def _strings(catalogue: Catalog) -> dict[str, str]:
    return {
        str(_forms(message.id)): str(_forms(message.string)) for message in catalogue if message.id
    }


def _forms(strings: object) -> list[str]:
    return (
        [strings]
        if isinstance(strings, str)
        else [str(form) for form in strings]
        if isinstance(strings, (list, tuple))
        else []
    )


def test_no_french_string_is_missing() -> None:
    folder = ROOT / "bot" / "replies" / "locales" / "fr" / "LC_MESSAGES"
    with (folder / "verbatim.po").open("rb") as file:
        catalogue = read_po(file)
    known = {
        message.id
        for message in catalogue
        if message.id
        and all(message.string if isinstance(message.string, tuple) else (message.string,))
    }
    assert messages() - known == set()
    assert known - messages() == set(), "no longer used"
    with (folder / "verbatim.mo").open("rb") as compiled:
        assert _strings(read_mo(compiled)) == _strings(catalogue)


def test_placeholders_agree() -> None:
    with (ROOT / "bot/replies/locales/fr/LC_MESSAGES/verbatim.po").open("rb") as file:
        for message in read_po(file):
            for one, other in zip(_forms(message.id), _forms(message.string), strict=True):
                assert {p.split("}")[0] for p in one.split("{")[1:]} == {
                    p.split("}")[0] for p in other.split("{")[1:]
                }


def test_languages_by_code() -> None:
    assert [phrases(code).code for code in ("fr", "fr-CA", "en", "en_GB", "de", None)] == [
        "fr",
        "fr",
        "en",
        "en",
        "en",
        "fr",
    ]


def test_the_welcome_offers_only_what_has_an_answer() -> None:
    made = Desk.over(MemoryStore())
    made.ingest(
        article("« La digue tiendra tout l'hiver », a dit Anne Roussel lundi devant la mairie.")
    )
    for code in ("fr", "en"):
        reply = Terminal(Conversation(made), code).reply("/start")
        assert reply
        assert "Sunak" not in reply.plain
        assert "Poutine" not in reply.plain
        assert "• Anne Roussel" in reply.plain
    empty = Terminal(Conversation(Desk.over(MemoryStore())), "fr").reply("/start")
    assert empty
    assert "•" not in empty.plain
