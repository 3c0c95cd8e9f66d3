"""One person, one entry; never two persons in one."""

from __future__ import annotations

import pytest
from conftest import article

from bot.conversation.commands import Conversation
from bot.conversation.languages import Reader
from bot.domain.model import Speaker
from bot.domain.reply import Reply
from bot.domain.text import fold, short_id
from bot.replies.actions import To
from bot.search.people import gathered
from bot.services.desk import Desk
from storage.memory import MemoryStore


def people(*entries: tuple[str, str | None]) -> set[frozenset[str]]:
    made = [
        Speaker(short_id("s", fold(name), str(role)), name, "person", role)
        for name, role in entries
    ]
    return {frozenset(speaker.name for speaker in group) for group in gathered(made, {})}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Donald J. Trump", None), ("Donald Trump", "président")),
        (("Vladimir Putin", None), ("Vladimir Poutine", None)),
        (("Jean Yves Le Drian", None), ("Jean-Yves Le Drian", "ministre")),
        (("Anne Roussel", "maire de Valmont"), ("Roussel", "maire de la commune")),
        (
            ("Catherine Hallard", "porte-parole du parquet"),
            ("Hallard", "porte-parole du parquet de Liège"),
        ),
    ],
)
def test_names_of_one_person(one: tuple[str, str | None], other: tuple[str, str | None]) -> None:
    assert people(one, other) == {frozenset({one[0], other[0]})}


@pytest.mark.parametrize(
    "entries",
    [
        (("Anne Roussel", "maire"), ("Marc Roussel", "préfet")),
        (("Anne Roussel", "maire"), ("Roussel", None)),
        (("Anne Roussel", "maire"), ("Roussel", "pompier")),
        (("Anne Roussel", "maire"), ("Marc Roussel", "maire"), ("Roussel", "maire")),
        (("Jill Biden", None), ("Joe Biden", None)),
        (("J. Morel", None), ("K. Morel", None)),
        (("Anne Roussel", None), ("Anne-Marie Roussel", None)),
        (("Paul", "maire"), ("Paul Lenoir", "maire")),
    ],
)
def test_names_that_may_be_of_two(entries: tuple[tuple[str, str | None], ...]) -> None:
    assert len(people(*entries)) == len(entries)


def test_whoever_is_asked_for_is_found_under_all_names() -> None:
    desk = Desk.over(MemoryStore())
    desk.ingest(
        article("Un\n\n« La digue tiendra », a dit Vladimir Poutine.", published="2024-01-01")
    )
    desk.ingest(article("Two\n\n“The dam will hold,” said Vladimir Putin.", published="2024-02-01"))
    ((speaker, count),) = desk.speakers().items
    assert count == 2
    _, found = desk.speaker(speaker.id)
    assert {passage.article.title for passage in found.items} == {"Un", "Two"}
    for other in desk.index.people.ids(speaker.id):
        assert desk.speaker(other)[1].total == 2  # old buttons lead there, too
    for question in ("Qu’a dit Poutine ?", "What did Putin say?", "de:Poutine", "speaker:Putin"):
        assert desk.ask(question).total == 2, question
    conversation = Conversation(desk)
    assert (
        "2 propos"
        in conversation.say(conversation.turn(Reader(1, "fr")), "/speakers poutine").plain
    )


def test_admins_join_and_part_names() -> None:
    desk = Desk.over(MemoryStore())
    for at, name in enumerate(
        ("Anne Roussel, maire", "Roussel, ancienne élue", "Marc Lenoir, préfet")
    ):
        desk.ingest(article(f"Titre {at}\n\n« La digue numéro {at} tiendra », a dit {name}."))
    conversation = Conversation(desk)

    def say(line: str, admin: bool = True) -> str:
        return conversation.say(conversation.turn(Reader(1, "fr", admin=admin)), line).plain

    before = desk.speakers().total
    assert "administrateurs" in say("/merge Anne Roussel = Roussel", admin=False)
    assert "une seule personne" in say("/merge Anne Roussel = Roussel")
    assert desk.speakers().total == before - 1
    assert desk.ask("Qu’a dit Anne Roussel ?").total == 2
    assert "deux" in say("/split Anne Roussel = Roussel")
    assert desk.speakers().total == before
    assert "Personne de ce nom" in say("/fusionner Anne Roussel = Zzz")
    assert "Par exemple" in say("/merge")


def test_a_wrong_joining_is_parted_and_stays_so_in_another_process() -> None:
    store = MemoryStore()
    one, two = Desk.over(store), Desk.over(store)
    one.ingest(article("Un\n\n« La digue tiendra », a dit Vladimir Poutine."))
    one.ingest(article("Two\n\n“The dam will hold,” said Vladimir Putin."))
    assert one.speakers().total == two.speakers().total == 1
    one.people.part(
        *(speaker.id for speaker in sorted(one.index.people.entries(), key=lambda s: s.name))
    )
    two.index.relearn()
    assert one.speakers().total == two.speakers().total == 2


def test_a_name_that_is_no_speaker_is_taken_from_its_statements_and_given_back() -> None:
    desk = Desk.over(MemoryStore())
    desk.ingest(article("Un\n\n« La digue tiendra tout l’hiver », a dit Ana Valmont."))
    conversation = Conversation(desk)

    def say(line: str, admin: bool = True) -> Reply:
        return conversation.say(conversation.turn(Reader(1, "fr", admin=admin)), line)

    assert "administrateurs" in say("/paslocuteur Valmont", admin=False).plain
    assert desk.speakers("Valmont").total == 1
    told = say("/paslocuteur Ana Valmont")
    assert "1 propos est désormais de locuteur inconnu" in told.plain
    assert desk.speakers("Valmont").total == 0
    (match,) = desk.ask("la digue tiendra").matches
    assert match.quote.speaker is None and match.quote.attribution == "unknown"
    # what comes later is no longer hers either
    desk.ingest(article("Deux\n\n« Le port restera fermé lundi », a dit Ana Valmont."))
    assert desk.speakers("Valmont").total == 0
    ((button,),) = told.buttons
    back = conversation.tap(conversation.turn(Reader(1, "fr", admin=True)), str(button.action))
    assert "de nouveau" in back.plain
    assert desk.speakers("Valmont").total == 1
    (match,) = desk.ask("la digue tiendra").matches
    assert match.quote.speaker is not None and match.quote.speaker.name == "Ana Valmont"


def test_an_unknown_name_or_one_silenced_already_is_told() -> None:
    desk = Desk.over(MemoryStore())
    desk.ingest(article("Un\n\n« La digue tiendra tout l’hiver », a dit Ana Valmont."))
    conversation = Conversation(desk)
    turn = conversation.turn(Reader(1, "en", admin=True))
    assert "Nobody of that name" in conversation.say(turn, "/notspeaker Zzz").plain
    assert "For example" in conversation.say(turn, "/notspeaker").plain
    conversation.say(turn, "/notspeaker Ana Valmont")
    assert "not taken for a speaker" in conversation.say(turn, "/notspeaker Ana Valmont").plain


def test_people_come_first_and_those_quoted_once_are_folded() -> None:
    desk = Desk.over(MemoryStore())
    for at in range(3):
        desk.ingest(
            article(
                f"Jour {at}\n\n« La digue numéro {at} tiendra tout l’hiver », a dit Ana Roy, maire."
                f"\n\nLe ministère a assuré que le chantier numéro {at} serait payé."
                f"\n\n« Le quai numéro {at} est sûr », a dit Prénom{at} Nom{at}, ingénieur."
            )
        )
    names = [speaker.name for speaker, _ in desk.speakers().items]
    assert names[0] == "Ana Roy"
    assert desk.often() < len(names)
    conversation = Conversation(desk)
    turn = conversation.turn(Reader(1, "fr"))
    shown = conversation.say(turn, "/personnes")
    assert "Cités une fois" in shown.plain
    assert "• Nom0" not in shown.plain and "Nom0" in shown.plain


def test_roles_over_time_are_shown_with_their_years() -> None:
    desk = Desk.over(MemoryStore())
    for year, role in ((2015, "maire de Valmont"), (2021, "ministre des Ports")):
        text = f"Année {year}\n\n« La digue de {year} tiendra », a dit Ana Roy, {role}."
        desk.ingest(article(text, published=f"{year}-03-12"))
    conversation = Conversation(desk)
    turn = conversation.turn(Reader(1, "fr"))
    speaker = desk.speakers("Roy").items[0][0]
    shown = conversation.tap(turn, To.SPEAKER(speaker.id)).plain
    assert shown.index("maire de Valmont (2015)") < shown.index("ministre des Ports (2021)")


def test_a_timeline_can_be_of_one_subject() -> None:
    desk = Desk.over(MemoryStore())
    for day, words in (("2024-01-02", "La digue tiendra"), ("2024-02-03", "Le lycée fermera")):
        desk.ingest(article(f"T {day}\n\n« {words} cet hiver », a dit Ana Roy.", published=day))
    conversation = Conversation(desk)
    turn = conversation.turn(Reader(1, "fr"))
    assert "2 propos dans le temps" in conversation.say(turn, "/timeline Ana Roy").plain
    about = conversation.say(turn, "/timeline Ana Roy sur la digue")
    assert "1 propos dans le temps" in about.plain and "À propos de : la digue" in about.plain
    assert about.pictures
    assert (
        "rien n’est sûrement" in conversation.say(turn, "/timeline Ana Roy sur les girafes").plain
    )


def test_a_joined_person_is_silenced_and_given_back_whole() -> None:
    desk = Desk.over(MemoryStore())
    desk.ingest(article("Un\n\n« La digue tiendra tout l’hiver », a dit Ana Roy, maire."))
    desk.ingest(article("Deux\n\n« Le port restera fermé lundi », a dit Anna Roye, élue."))
    one, other = (speaker.id for speaker, _ in desk.speakers().items)
    desk.people.join(one, other)
    speaker = desk.speakers().items[0][0]
    assert desk.people.silence(speaker, 1) == 2
    assert desk.people.unsilence(speaker.id)
    assert desk.people.silenced("Ana Roy") is None and desk.people.silenced("Anna Roye") is None
    assert desk.speaker(speaker.id)[1].total == 2


def test_a_subject_is_words_and_no_filter() -> None:
    desk = Desk.over(MemoryStore())
    for day in range(1, 4):
        text = f"T {day}\n\n« La digue numéro {day} tiendra cet hiver », a dit Ana Roy."
        desk.ingest(article(text, published=f"2024-01-0{day}"))
    conversation = Conversation(desk)
    turn = conversation.turn(Reader(1, "fr"))
    assert "rien n’est sûrement" in conversation.say(turn, '/timeline Ana Roy sur de:"Zorro"').plain
