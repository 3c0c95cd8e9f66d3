"""Did they really say that? Each verdict, at every door, on texts of our own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botapi import room
from conftest import article
from offline import FRENCH as FRENCH_USER
from offline import Offline
from offline import run as run_bot
from test_cli import verbatim
from test_editing import buttons

from bot.conversation.commands import Conversation
from bot.conversation.languages import Reader
from bot.domain.verdict import Verdict
from bot.replies.actions import To
from bot.replies.phrases import phrases
from bot.replies.verify import KINDS, card_label, head, verdict_reply, warning
from bot.services.desk import Desk
from bot.verification.alleged import is_quotation, parted
from handlers.colour import coloured
from handlers.inline import results
from storage.memory import MemoryStore

FRENCH = (
    """La digue de Valmont divise

« Nous ne fermerons pas l’écluse, et aucun marin ne perdra son emploi cette année », a déclaré Ana \
Roy, maire de Valmont. « Le chantier coûtera 12 millions d’euros, a-t-elle précisé, et certains \
riverains ont déjà vendu leur maison. »

« Ce n’est pas la faute des marins si le quai s’effondre », a répondu Luc Morel, préfet de la \
région. « Nous ouvrirons le port lundi si le ministre signe le décret », a-t-il ajouté. « Faut-il \
abandonner une ville entière pour un quai ? », a-t-il demandé. « Je crois que la digue tiendra \
cent ans », a-t-il dit. « Le maire a trompé le préfet pendant des mois, et je le regrette », \
a-t-il conclu.

Ana Roy a affirmé que le conseil municipal voterait le budget en décembre. Le préfet a refusé de \
dire que « la ville paiera seule les travaux ». Il dénonce un retard « inutile et coûteux ».

Les mouettes tournent au-dessus des quais déserts depuis le début de la semaine.
""",
    """Le lycée ferme

« Nous avons reçu huit cents lettres de parents en colère », a raconté Jeanne Aubry, proviseure du \
lycée. « Je ne veux plus de retards sur ce chantier », a-t-elle prévenu.

« Wir kämpfen », a-t-il d’abord lancé. « Nous nous battrons jusqu’au bout pour ce lycée », a dit \
en allemand Karl Brandt, élu de la ville jumelle.
""",
)
ENGLISH = """The harbour is closing

“We will not close the harbour, and nobody's job is at risk this winter,” said Ana Roy, the mayor.

“I don't think the wall will hold, but I have been wrong before,” said Luke Morel, an engineer. \
“We'll reopen in May,” he said, “unless the storms come back.”
"""


@pytest.fixture(scope="module")
def desk() -> Desk:
    made = Desk.over(MemoryStore())
    for text in (*FRENCH, ENGLISH):
        made.ingest(article(text, published="2024-03-12", publisher="La Vigie"))
    return made


def verdict(desk: Desk, text: str, speaker: str | None = None) -> Verdict:
    return desk.verified(text, speaker)[0]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Ce n’est pas la faute des marins si le quai s’effondre", "Luc Morel"),
        ("ce n'est pas la faute des marins si le quai s'effondre.", "Morel"),
        ("CE N'EST PAS LA FAUTE DES MARINS SI LE QUAI S'EFFONDRE", "le préfet"),
        ("C’est pas la faute des marins si le quai s’effondre", None),
        ("Ce n’est pas la faute des marins si le quai s’effonrde", None),
        (
            "Le chantier coûtera 12 millions d’euros, et certains riverains ont déjà vendu leur "
            "maison.",
            "Roy",
        ),
        ("inutile et coûteux", "Luc Morel"),
        ("We won't close the harbour, and nobody's job is at risk this winter", "the mayor"),
        ("We will reopen in May unless the storms come back", "Luke Morel"),
    ],
)
def test_the_very_words(desk: Desk, text: str, speaker: str | None) -> None:
    found = verdict(desk, text, speaker)
    assert found.kind == "exact"
    assert found.cautions == ()
    assert all(edit.kind == "typo" for edit in found.edits)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("aucun marin ne perdra son emploi cette année", None),
        ("certains riverains ont déjà vendu leur maison", None),
        ("la faute des marins si le quai s’effondre", "negation"),
        ("Nous ouvrirons le port lundi", "condition"),
        ("abandonner une ville entière pour un quai", "question"),
        ("la digue tiendra cent ans", "hedge"),
        ("the wall will hold", "negation"),
        ("We'll reopen in May", "condition"),
        ("I have been wrong before", None),
    ],
)
def test_an_extract_and_what_it_leaves_out(desk: Desk, text: str, told: str | None) -> None:
    found = verdict(desk, text)
    assert found.kind == "extract"
    kinds = [caution.kind for caution in found.cautions]
    assert kinds[:1] == ([told] if told else [])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("C’est la faute des marins si le quai s’effondre", "negation"),
        ("Nous fermerons l’écluse, et aucun marin ne perdra son emploi cette année", "negation"),
        ("Nous ouvrirons le port mardi si le ministre signe le décret", "date"),
        (
            "Le chantier coûtera 21 millions d’euros, et certains riverains ont déjà vendu leur "
            "maison",
            "number",
        ),
        (
            "Le chantier coûtera 12 millions d’euros, et tous les riverains ont déjà vendu leur "
            "maison",
            "quantifier",
        ),
        ("Le préfet a trompé le maire pendant des mois, et je le regrette", "swap"),
        ("Nous avons reçu huit cents lettres de parents en joie", "word"),
        ("Je veux plus de retards sur ce chantier", "negation"),
        ("We will now close the harbour, and nobody's job is at risk this winter", "negation"),
    ],
)
def test_altered_words_and_how(desk: Desk, text: str, kind: str) -> None:
    found = verdict(desk, text)
    assert found.kind == "altered"
    assert kind in {edit.kind for edit in found.edits}


def test_true_words_in_anothers_mouth(desk: Desk) -> None:
    said = "Ce n’est pas la faute des marins si le quai s’effondre"
    for claimed in ("Ana Roy", "Jeanne Aubry", "Paul Inconnu", "la maire"):
        found = verdict(desk, said, claimed)
        assert found.kind == "other_speaker", claimed
        assert found.match is not None and found.match.quote.speaker is not None
        assert found.match.quote.speaker.name == "Luc Morel"


@pytest.mark.parametrize(
    "claimed",
    ["Luc Morel", "M. Morel", "le préfet", "Luc Morel, préfet de la région", "le préfet Luc Morel"],
)
def test_a_speaker_is_claimed_by_name_by_role_or_both(desk: Desk, claimed: str) -> None:
    found = verdict(desk, "Ce n’est pas la faute des marins si le quai s’effondre", claimed)
    assert (found.kind, found.cautions) == ("exact", ())


def test_altered_words_under_a_wrong_name_are_altered_and_not_theirs(desk: Desk) -> None:
    found = verdict(desk, "C’est la faute des marins si le quai s’effondre", "Ana Roy")
    assert found.kind == "altered"
    assert [caution.kind for caution in found.cautions] == ["speaker"]


def test_what_is_only_reported_or_the_articles_own(desk: Desk) -> None:
    told = verdict(desk, "le conseil municipal voterait le budget en décembre", "Ana Roy")
    assert told.kind == "reported"
    mixed = verdict(desk, "Il dénonce un retard inutile et coûteux")
    assert mixed.kind == "reported"
    own = verdict(desk, "Les mouettes tournent au-dessus des quais déserts", "Ana Roy")
    assert own.kind == "not_found"
    assert [caution.kind for caution in own.cautions] == ["journalist"]


def test_pieces_of_two_quotes(desk: Desk) -> None:
    text = "Nous ne fermerons pas l’écluse, et je ne veux plus de retards sur ce chantier"
    found = verdict(desk, text)
    assert found.kind == "spliced"
    assert len(found.pieces) == 2


def test_an_omission_that_is_marked(desk: Desk) -> None:
    harmless = "Le chantier coûtera 12 millions […] et certains riverains ont déjà vendu"
    assert verdict(desk, harmless).kind == "extract"
    assert verdict(desk, harmless).cautions == ()
    for hiding in (
        "Nous ne fermerons pas […] perdra son emploi",
        "Nous […] marin ne perdra son emploi",
        "Le maire […] le regrette",
    ):
        found = verdict(desk, hiding)
        assert found.kind == "extract", hiding
        assert "omission" in {caution.kind for caution in found.cautions}, hiding


def test_what_the_article_denies_is_told(desk: Desk) -> None:
    found = verdict(desk, "la ville paiera seule les travaux", "Luc Morel")
    assert found.kind == "exact"
    assert "denied" in {caution.kind for caution in found.cautions}


def test_a_translation_is_told(desk: Desk) -> None:
    assert verdict(desk, "Nous nous battrons jusqu’au bout pour ce lycée").kind == "translated"


@pytest.mark.parametrize(
    "text",
    [
        "Les marins n’ont aucune responsabilité dans l’état des quais",
        "Les girafes mangent des feuilles d’acacia au petit matin",
        "Nobody in this town will have to look for other work before spring",
        "…",
        "",
    ],
)
def test_nothing_is_found_for_other_words(desk: Desk, text: str) -> None:
    found = verdict(desk, text)
    assert found.kind == "not_found"
    for code, opening in (("fr", "Aucune citation trouvée"), ("en", "No quotes found")):
        reply = verdict_reply(found, phrases(code))
        assert reply.plain.startswith(opening)
        assert "<blockquote" not in reply.html and "«" not in reply.plain


def test_long_texts_are_compared_whole(desk: Desk) -> None:
    text = (
        "Nous ne fermerons pas l’écluse, et aucun marin ne perdra son emploi cette année. Le "
        "chantier coûtera 12 millions d’euros, et certains riverains ont déjà vendu leur maison."
    )
    assert verdict(desk, text).kind == "exact"
    assert verdict(desk, text.replace("aucun marin", "aucun élu")).kind == "altered"
    assert verdict(desk, "mot " * 4000).kind == "not_found"


# ---- what is typed
@pytest.mark.parametrize(
    ("typed", "words", "speaker"),
    [
        ("« La digue tiendra » — Ana Roy", "La digue tiendra", "Ana Roy"),
        ("“The wall will hold” - Luke Morel", "The wall will hold", "Luke Morel"),
        ('"La digue tiendra", a dit Ana Roy.', "La digue tiendra", "Ana Roy"),
        ("« La digue tiendra » (Ana Roy)", "La digue tiendra", "Ana Roy"),
        ("« La “digue” tiendra »", "La “digue” tiendra", None),
        ("La digue tiendra — Ana Roy", "La digue tiendra", "Ana Roy"),
        ("La digue tiendra", "La digue tiendra", None),
        ("‘The mayor’s wall will hold’ – Roy", "The mayor’s wall will hold", "Roy"),
        ("‘The players’ union will hold’ – Roy", "The players’ union will hold", "Roy"),
        ("Ana Roy : « La digue tiendra »", "La digue tiendra", "Ana Roy"),
        ("Ana Roy a dit : « La digue tiendra »", "La digue tiendra", "Ana Roy"),
        ("« La digue tiendra » dit-elle", "La digue tiendra", None),
        ("“The wall will hold” said by Ana Roy", "The wall will hold", "Ana Roy"),
        ("»Die Mauer wird halten« — Roy", "Die Mauer wird halten", "Roy"),
        ("La digue tiendra — sans aucun doute", "La digue tiendra — sans aucun doute", None),
    ],
)
def test_words_and_speaker_are_told_apart(typed: str, words: str, speaker: str | None) -> None:
    assert parted(typed) == (words, speaker)


def test_a_message_that_is_a_quotation_is_known() -> None:
    assert is_quotation("« Nous ouvrirons le port lundi matin » — Luc Morel")
    assert is_quotation("“We will reopen the harbour in May”")
    assert not is_quotation("Qui a dit « Nous ouvrirons le port lundi matin » ?")
    assert not is_quotation('"guerre de Poutine"')
    assert not is_quotation("« Nous ouvrirons le port lundi matin » qui a dit ça ?")
    assert not is_quotation("“We will reopen the harbour in May” did Ana Roy say that?")
    assert not is_quotation("« Nous ouvrirons le port lundi matin » et « la digue »")
    assert not is_quotation("« Nous ouvrirons le port lundi matin »\n\nBonjour, est-ce vrai ?")
    assert not is_quotation("« Le port » est fermé, dit-on, depuis ce lundi matin à Valmont.")


# ---- doors
def test_every_verdict_is_told_in_both_languages(desk: Desk) -> None:
    cases = (
        "Ce n’est pas la faute des marins si le quai s’effondre",
        "la faute des marins si le quai s’effondre",
        "C’est la faute des marins si le quai s’effondre",
        "le conseil municipal voterait le budget en décembre",
        "Nous ne fermerons pas l’écluse, et je ne veux plus de retards sur ce chantier",
        "Nous nous battrons jusqu’au bout pour ce lycée",
    )
    found = [verdict(desk, text) for text in cases]
    found.append(verdict(desk, cases[0], "Ana Roy"))
    assert {one.kind for one in found} == set(KINDS) - {"not_found"}
    for code in ("fr", "en"):
        say = phrases(code)
        assert len({head(one, say) for one in found}) == len(found)
        for one in found:
            reply = verdict_reply(one, say)
            assert reply.plain.startswith(head(one, say))
            assert one.match is not None and one.match.quote.id in str(reply.buttons)


def test_the_conversation_verifies(desk: Desk) -> None:
    conversation = Conversation(desk)
    turn = conversation.turn(Reader(1, "fr"))
    line = "« Ce n’est pas la faute des marins si le quai s’effondre » — Luc Morel"
    for typed in (line, f"/verify {line}", f"/verifier {line}"):
        assert conversation.say(turn, typed).plain.startswith("Mot pour mot"), typed
    assert "Par exemple" in conversation.say(turn, "/verify").plain
    beside = conversation.turn(Reader(1, "en"), said=line)
    assert conversation.say(beside, "/verify").plain.startswith("Word for word")
    assert "not of Ana Roy" in conversation.say(beside, "/verify Ana Roy").plain


def test_a_verdict_is_a_picture_too(desk: Desk) -> None:
    found = verdict(desk, "C’est la faute des marins si le quai s’effondre")
    assert found.match is not None
    conversation = Conversation(desk)
    data = To.VERDICT(found.match.quote.id, KINDS.index(found.kind))
    reply = conversation.tap(conversation.turn(Reader(1, "fr")), data)
    assert reply.pictures and reply.plain == card_label("altered", phrases("fr"))


def test_other_chats_verify(desk: Desk) -> None:
    say = phrases("fr")
    query = "vérifier : « Ce n’est pas la faute des marins si le quai s’effondre » — Morel"
    ((result,), following) = results(desk, say, query, 0)
    assert result.html.startswith("<b>Mot pour mot") and not following
    ((nothing,), _) = results(desk, say, "verify: les girafes mangent des acacias", 0)
    assert nothing.html.startswith("<b>Aucune citation trouvée")


def run(*arguments: str, given: str = "") -> tuple[int, str]:
    done = verbatim("verify", *arguments, "--store", "memory:", stdin=given)
    return done.returncode, done.stdout


def test_the_command_line_verifies_the_seed() -> None:
    code, out = run(
        "la réalité cruelle et implacable de la guerre de Poutine", "--speaker", "Sunak", "--json"
    )
    row: dict[str, Any] = json.loads(out)
    assert (code, row["verdict"], row["warning"], row["speaker_claimed"]) == (
        0,
        "exact",
        None,
        "Sunak",
    )
    assert row["match"]["text"] == "la réalité cruelle et implacable de la guerre de Poutine"
    assert {
        "verdict",
        "warning",
        "speaker_claimed",
        "match",
        "edits",
        "nearest",
        "searched",
    } <= set(row)
    lines = (
        '{"text": "la faute de l’Ukraine", "speaker": "Jens Stoltenberg"}\n'
        'no JSON\n{"text": "c’est la faute de l’Ukraine", "speaker": null}\n'
    )
    code, out = run("--stdin", given=lines)
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert rows[0]["verdict"] == "extract" and rows[0]["warning"]
    assert "error" in rows[1]
    assert run("…")[0] == 2


def test_a_verdict_as_linked_data_is_a_quotation() -> None:
    code, out = run("la réalité cruelle de la guerre de Poutine", "--format", "jsonld")
    row = json.loads(out)
    assert code == 0 and row["@type"] == "Quotation"
    assert row["text"] == "la réalité cruelle et implacable de la guerre de Poutine"
    assert "ClaimReview" not in out


REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "claimReviewed": "C’est la faute des marins si le quai s’effondre",
    "url": "https://verif.example/quai",
    "author": {"@type": "Organization", "name": "Vérif"},
    "itemReviewed": {"@type": "Claim", "author": {"@type": "Person", "name": "Luc Morel"}},
    "reviewRating": {"@type": "Rating", "alternateName": "Déformé"},
}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(REVIEW),
        json.dumps([REVIEW]),
        json.dumps(REVIEW) + "\n" + json.dumps({**REVIEW, "claimReviewed": "Autre chose"}),
        json.dumps({"dataFeedElement": [{"item": [REVIEW]}]}),
        json.dumps({"@graph": [{"@type": "WebPage"}, REVIEW]}),
    ],
)
def test_published_fact_checks_stand_beside_a_verdict_with_their_source(text: str) -> None:
    made = Desk.over(MemoryStore())
    made.ingest(article(FRENCH[0]))
    new, known = made.reviews.load(text)
    assert new >= 1 and known == 0
    assert made.reviews.load(text)[0] == 0
    found, reviews = made.verified("C’est la faute des marins si le quai s’effondre")
    assert [one.publisher for one in reviews] == ["Vérif"]
    shown = verdict_reply(found, phrases("fr"), reviews).plain
    assert "Déformé" in shown and "https://verif.example/quai" in shown
    assert "n’est pas le jugement de ce bot" in shown
    assert made.verified("Les girafes mangent des feuilles d’acacia")[1] == ()


def test_fact_checks_are_imported_and_faulty_files_told(tmp_path: Any) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(REVIEW), "utf-8")
    bad.write_text('{"@type": "NewsArticle"}', "utf-8")
    store = f"tinydb:{tmp_path}/s.json"
    done = verbatim("import", "--claimreview", str(good), str(bad), "--store", store)
    assert done.returncode == 1 and "1 new" in done.stdout and "bad.json" in done.stderr
    done = verbatim("verify", str(REVIEW["claimReviewed"]), "--json", "--store", store)
    row = json.loads(done.stdout)
    assert [one["rating"] for one in row["reviews"]] == ["Déformé"]


def test_a_warning_is_a_sentence_or_nothing(desk: Desk) -> None:
    cut = verdict(desk, "Nous ouvrirons le port lundi")
    assert warning(cut, phrases("fr")) == (
        "Ce qui a été coupé est une condition : si le ministre signe le décret"
    )
    assert warning(verdict(desk, "inutile et coûteux"), phrases("fr")) is None


def test_the_terminal_shows_what_differs(desk: Desk) -> None:
    found = verdict(desk, "C’est la faute des marins si le quai s’effondre")
    text = coloured(verdict_reply(found, phrases("fr")))
    styled = {
        text.plain[span.start : span.end].strip(): str(span.style)
        for span in text.spans
        if span.style
    }
    assert "strike red" in styled["C’est"]
    assert any("pas" in words and style == "bold" for words, style in styled.items())
    assert "prétendu" not in text.plain  # colour says it
    assert "prétendu" in verdict_reply(found, phrases("fr")).plain


def test_in_a_group_a_reply_verifies_somebodys_message(desk: Desk) -> None:
    group = room()
    about: dict[str, Any] = {
        "message_id": 7,
        "date": 1,
        "chat": group,
        "from": FRENCH_USER,
        "text": "« C’est la faute des marins si le quai s’effondre » — Ana Roy",
    }

    async def story(bot: Offline) -> None:
        (reply,) = await bot.message(
            "/verify@loopback_bot", user=FRENCH_USER, chat=group, reply_to_message=about
        )
        assert reply.result["text"].startswith("Pas mot pour mot")
        assert "Luc Morel" in reply.result["text"]
        (named,) = await bot.message(
            "/verifier Luc Morel", user=FRENCH_USER, chat=group, reply_to_message=about
        )
        assert "Ana Roy" not in named.result["text"]
        assert not await bot.message("« Nous ouvrirons le port lundi »", chat=group)

    run_bot(desk, story)


def test_a_whole_message_that_is_a_quotation_is_verified_in_private(desk: Desk) -> None:
    async def story(bot: Offline) -> None:
        (reply,) = await bot.message("« Nous ouvrirons le port lundi »", user=FRENCH_USER)
        assert reply.result["text"].startswith("Mots exacts, mais coupés")
        labels = set(buttons(reply))
        assert {"Source", "Contexte", "Partager", "Image", "Suivre"} <= labels

    run_bot(desk, story)


STRICT = """Le traité divise Brumeval

« Je crois que nous ne pouvons accepter ce texte », a déclaré Odile Kervan, maire de Brumeval. \
« Nous baisserons les impôts, s’ils le disent, dès le mois de mai », a-t-elle ajouté.

« Le port a perdu 10 € par tonne et le trafic a baissé de 5 % », a dit Luc Tassin, avocat du maire \
de Brumeval. « J’aime le maire et je déteste le préfet », a-t-il plaisanté.

« Personne ne veut augmenter les loyers des ouvriers », a dit Alain Durant, vice-président du \
conseil. « Nous gouvernerons sans toucher aux bourses des lycéens », a-t-il promis.

« La ville achètera le moulin, mais seulement en cas de vente », a prévenu Marc Durand, notaire.

« Je soutiens le préfet de la région », a dit lundi Irma Costa, sénatrice. Mardi, elle a lancé : \
« Il doit partir sans attendre ».

Selon une rumeur démentie, Léa Mur aurait déclaré : « Je vendrai la forêt aux promoteurs ».
"""


@pytest.fixture(scope="module")
def strict() -> Desk:
    made = Desk.over(MemoryStore())
    made.ingest(article(STRICT))
    return made


@pytest.mark.parametrize(
    "text",
    [
        "Je crois que nous pouvons accepter ce texte",
        "Nous baisserons les impôts dès le mois de mai",
        "Le port a perdu 10 $ par tonne et le trafic a baissé de 5 %",
        "Le port a perdu 10 € par tonne et le trafic a baissé de 5 €",
        "Le port a perdu -10 € par tonne et le trafic a baissé de 5 %",
        "J’aime le maire et je déteste le préfet ?",
    ],
)
def test_small_changes_are_never_the_very_words(strict: Desk, text: str) -> None:
    assert verdict(strict, text).kind == "altered"


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        ("J’aime le maire et je déteste le préfet", "Odile Kervan, avocat du maire"),
        ("J’aime le maire et je déteste le préfet", "le maire"),
        ("J’aime le maire et je déteste le préfet", "maire de Brumeval"),
        ("Personne ne veut augmenter les loyers des ouvriers", "le président du conseil"),
        ("Personne ne veut augmenter les loyers des ouvriers", "Durand"),
    ],
)
def test_a_neighbours_name_or_office_is_another_speakers(
    strict: Desk, text: str, claimed: str
) -> None:
    assert verdict(strict, text, claimed).kind == "other_speaker"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("veut augmenter les loyers des ouvriers", "negation"),
        ("toucher aux bourses des lycéens", "negation"),
        ("La ville achètera le moulin", "thought"),
        ("J’aime […] le préfet", "omission"),
        ("Je vendrai la forêt aux promoteurs", "denied"),
    ],
)
def test_what_a_cut_hides_is_told(strict: Desk, text: str, told: str) -> None:
    assert told in {caution.kind for caution in verdict(strict, text).cautions}


def test_words_of_two_days_are_not_one_saying(strict: Desk) -> None:
    text = "Je soutiens le préfet de la région. Il doit partir sans attendre"
    assert verdict(strict, text).kind == "spliced"


def test_a_fact_check_of_the_opposite_is_not_shown(strict: Desk) -> None:
    claim = {**REVIEW, "claimReviewed": "Le maire n’a pas volé la caisse des écoles"}
    strict.reviews.load(json.dumps(claim))
    assert strict.verified("Le maire a volé la caisse des écoles")[1] == ()
    assert len(strict.verified("Le maire n'a pas volé la caisse des écoles")[1]) == 1


def test_words_of_a_language_without_a_list_have_no_slips() -> None:
    made = Desk.over(MemoryStore())
    said = "Wir werden den langen Kampf um den Hafen gewinnen und alle Schiffe behalten"
    made.ingest(article(f"Der Hafen\n\n« {said} », a dit Ana Roy, maire de Valmont."))
    assert verdict(made, said).kind == "exact"
    assert verdict(made, said.replace("gewinnen", "beginnen")).kind == "altered"


def test_bad_lines_and_speakers_are_told_in_a_line() -> None:
    deep = "[" * 100_000
    code, out = run("--stdin", given=f'{deep}\n{{"text": "..."}}\n{{"text": "la guerre"}}\n')
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 1 and [("error" in row) for row in rows] == [True, True, False]
    assert run("la guerre de Poutine", "--speaker", "!!!")[0] == 2
    assert run("--stdin", "--speaker", "Sunak")[0] == 2


def test_a_giant_quotation_is_compared_and_shown_within_limits() -> None:
    made = Desk.over(MemoryStore())
    said = " ".join(
        f"Le quai numéro {n} tiendra encore {n + 2} ans sans travaux." for n in range(900)
    )
    made.ingest(article(f"Les quais\n\n« {said} », a dit Ana Roy, maire de Valmont."))
    text = said[10_000:14_000].replace("travaux", "argent")
    found = verdict(made, text)
    assert found.kind == "altered"
    for reply in (shown := verdict_reply(found, phrases("fr")), *shown.more):
        assert len(reply.plain.encode("utf-16-le")) // 2 <= 4096
