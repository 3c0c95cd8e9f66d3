"""Whose words a question asks: names, offices, relations, and strangers of a quoted surname."""

from __future__ import annotations

import pytest

from bot.domain.model import Speaker, SpeakerKind
from bot.search.entries import Document
from bot.search.index import Index
from bot.search.terms import words
from bot.search.whose import whose_words

ROY, MOREL, BRISSAC = "Ana Roy", "Luc Morel", "Jean de Brissac"
LAWYER, PAUL, ANNE = "Luc Tardieu", "Paul Sorel", "Anne Sorel"
VEGA = "Maria del Pilar Ortiz y Vega"
BANK, LEAGUE = "Banque de Valmont", "Comité pour sauver la digue de Valmont"
QUOTED: tuple[tuple[str, SpeakerKind, str | None], ...] = (
    (ROY, "person", "maire de Valmont"),
    (MOREL, "person", "préfet de la Nièvre"),
    (BRISSAC, "person", "ingénieur"),
    (LAWYER, "person", "avocat de Ana Roy"),
    (PAUL, "person", None),
    (ANNE, "person", None),
    ("Pascal", "person", "boulanger"),
    ("Vladimir Poutine", "person", None),
    ("Karim Zidouri", "unknown", None),
    ("Zorban", "unknown", None),
    ("Ada Zorban", "person", None),
    ("Jean de la Tour Morin", "person", None),
    (VEGA, "person", None),
    ("Procureure", "anonymous", None),
    ("Radio Valmont", "org", None),
    ("Sur", "unknown", None),
    ("Verdisol", "org", None),
    ("Pêcheurs", "collective", None),
    (BANK, "org", None),
    (LEAGUE, "org", None),
)


@pytest.fixture(scope="module")
def town() -> Index:
    """An index in which these are quoted, once each."""
    index = Index()
    index.put(
        [
            Document(f"q{at}", f"a{at}", "La digue tiendra", "fr", Speaker(f"s{at}", *quoted))
            for at, quoted in enumerate(QUOTED)
        ]
    )
    return index


def asked(question: str, index: Index) -> tuple[set[str], set[str], str]:
    """The names of those whose words are asked, the words that say so, who is asked in vain."""
    found = words(question)
    speakers, used, nobody = whose_words(question, found, " ".join(found), index)
    return {speaker.name for speaker in speakers}, used, nobody


@pytest.mark.parametrize(
    ("question", "names", "used"),
    [
        ("Qu'a dit Ana Roy ?", {ROY}, "ana roy"),
        ("Que dit Roy de la digue ?", {ROY}, "roy"),
        ("Que dit la digue ?", set(), ""),
        ("digue", set(), ""),
        ("Que dit Ana de la digue ?", set(), ""),
        ("Qu'a dit de Brissac ?", {BRISSAC}, "brissac"),
        ("Que dit Jean Brissac ?", {BRISSAC}, "jean brissac"),
        ("Que dit Jean de Brissac ?", {BRISSAC}, "jean brissac"),
        ("Que dit Morell ?", {MOREL}, "morell"),
        ("Que dit Luc Tardieux ?", {LAWYER}, "luc tardieux"),
        ("Que dit Vladimir Putin ?", {"Vladimir Poutine"}, "vladimir putin"),
        ("Que dit Pascal ?", {"Pascal"}, "pascal"),
        ("Que dit Sorel ?", {PAUL, ANNE}, "sorel"),
        ("Que dit Morin ?", {"Jean de la Tour Morin"}, "morin"),
        ("Que dit Vega ?", set(), ""),
        (f"Que dit {VEGA} ?", {VEGA}, "maria del pilar ortiz y vega"),
        ("Que dit Anne Sorel ?", {ANNE}, "anne sorel"),
        ("Morel et Roy", {MOREL, ROY}, "morel roy"),
        ("Anne Sorel et Roy", {ANNE, ROY}, "anne sorel roy"),
    ],
)
def test_a_person_is_named_by_the_surname_at_least(
    town: Index, question: str, names: set[str], used: str
) -> None:
    assert asked(question, town) == (names, set(used.split()), "")


@pytest.mark.parametrize(
    ("question", "names", "used"),
    [
        ("Que dit Zorban ?", {"Zorban", "Ada Zorban"}, "zorban"),
        ("Que dit Ada Zorban ?", {"Ada Zorban"}, "ada zorban"),
        ("Une radio de Valmont", set(), ""),
        ("Que dit Radio Valmont ?", {"Radio Valmont"}, "radio valmont"),
        ("Que dit Zidouri ?", set(), ""),
        ("la digue sur la rivière", set(), ""),
        ("Que dit Verdisol ?", {"Verdisol"}, "verdisol"),
        ("Que dit Verdisole ?", set(), ""),
        ("Que disent les pêcheurs ?", set(), ""),
        ("Que dit la Banque de Valmont ?", {BANK}, "banque de valmont"),
        ("Que dit la banque ?", set(), ""),
        ("Une banque près de Valmont", set(), ""),
        (f"Que dit le {LEAGUE} ?", {LEAGUE}, "comite pour sauver la digue de valmont"),
        ("Que dit le comité de la digue de Valmont ?", set(), ""),
    ],
)
def test_what_is_no_person_is_named_in_full(
    town: Index, question: str, names: set[str], used: str
) -> None:
    assert asked(question, town) == (names, set(used.split()), "")


@pytest.mark.parametrize(
    ("question", "names", "used"),
    [
        ("Que dit la maire Ana Roy ?", {ROY}, "maire ana roy"),
        ("Que dit Mme Roy ?", {ROY}, "mme roy"),
        ("Madame la maire Roy", {ROY}, "maire roy"),
        ("madame maire Roy", {ROY}, "madame maire roy"),
        ("Que dit le préfet Morel sur la maire Roy ?", {MOREL}, "prefet morel maire"),
    ],
)
def test_titles_right_before_a_name_belong_to_it(
    town: Index, question: str, names: set[str], used: str
) -> None:
    assert asked(question, town) == (names, set(used.split()), "")


@pytest.mark.parametrize(
    ("question", "names", "used"),
    [
        ("Que dit Morel sur Roy ?", {MOREL}, "morel"),
        ("Que dit Morel de Jean de Brissac ?", {MOREL}, "morel jean"),
        ("Que dit Morel de la maire Ana Roy ?", {MOREL}, "morel maire ana"),
        ("What did Morel say about Roy?", {MOREL}, "morel"),
        ("Que dit Morel sur Mme Roy ?", {MOREL}, "morel mme"),
        ("Roy sur Morel", {ROY}, "roy"),
        ("Roy contre la famille Morel", {ROY}, "roy"),
        ("Les propos de Roy", {ROY}, "roy"),
        ("Les propos de Morel sur Roy", {MOREL}, "morel"),
        ("Les propos de Roy et de Morel", {ROY}, "roy"),
        ("de Roy", {ROY}, "roy"),
        ("Sur Roy, que dit Morel ?", {ROY, MOREL}, "roy morel"),
        ("La digue de Roy", {ROY}, "roy"),
        ("Que dit Morel sur Jean de Brissac ?", {MOREL}, "morel jean"),
    ],
)
def test_who_is_spoken_of_is_not_who_speaks(
    town: Index, question: str, names: set[str], used: str
) -> None:
    assert asked(question, town) == (names, set(used.split()), "")


@pytest.mark.parametrize(
    ("question", "names", "used", "nobody"),
    [
        ("Que dit l'avocat de Roy ?", {LAWYER}, "avocat roy", ""),
        ("Que dit l'avocat de la maire Roy ?", {LAWYER}, "avocat roy", ""),
        ("Que dit l'avocat de Mme Roy ?", {LAWYER}, "avocat roy", ""),
        ("L'avocat de Roy et Morel", {MOREL}, "morel", ""),
        ("Frère de Morel", set(), "", "frere morel"),
        ("De Roy ou son frère", {ROY}, "roy", ""),
        ("And what did Roy's brother say?", set(), "", "brother roy"),
        ("Que dit le frère de Morel ?", set(), "", "frere morel"),
        ("Que dit l'avocat de Morel ?", set(), "", "avocat morel"),
        ("What did Roy's brother say?", set(), "", "brother roy"),
        ("What did Roy's dam say?", {ROY}, "roy", ""),
        ("What is Roy's?", {ROY}, "roy", ""),
        ("Roy, brother", {ROY}, "roy", ""),
        ("frère Morel", {MOREL}, "frere morel", ""),
        ("Le mur du Morel", {MOREL}, "morel", ""),
    ],
)
def test_somebodys_relation_is_somebody_else(
    town: Index, question: str, names: set[str], used: str, nobody: str
) -> None:
    assert asked(question, town) == (names, set(used.split()), nobody)


@pytest.mark.parametrize(
    ("question", "names", "nobody"),
    [
        ("Que dit Jill Roy ?", set(), "Jill Roy"),
        ("Que dit Jeanne Sorel ?", set(), "Jeanne Sorel"),
        ("Que dit Élise Roy de la digue ?", set(), "Élise Roy"),
        ("Que dit Madame Roy ?", {ROY}, ""),
        ("Que dit La Roy ?", {ROY}, ""),
        ("Que Dit Roy ?", {ROY}, ""),
        ("Que Selon Roy ?", {ROY}, ""),
        ("Que dit Valmont Roy ?", {ROY}, ""),
        ("Digue Roy", {ROY}, ""),
        ("Que dit Jill, Roy ?", {ROY}, ""),
        ("Que dit jill Roy ?", set(), "jill Roy"),
        ("que dit jill roy", set(), "jill roy"),
        ("Jill Roy a dit quoi ?", set(), "Jill Roy"),
        ("ana roy", {ROY}, ""),
        ("qui aime roy", {ROY}, ""),
        ("Grant Roy an interview", {ROY}, ""),
        ("digue roy", {ROY}, ""),
        ("Que dit Paul Sorel de Jill Roy ?", {PAUL}, ""),
        ("Jill Roy et Ana Roy", {ROY}, ""),
        ("Que dit Jules Pascal ?", {"Pascal"}, ""),
        ("Que dit Roy Jill ?", {ROY}, ""),
    ],
)
def test_another_bearer_of_a_surname_is_a_stranger(
    town: Index, question: str, names: set[str], nobody: str
) -> None:
    who, used, vain = asked(question, town)
    assert (who, vain) == (names, nobody)
    assert bool(used) is bool(names)


@pytest.mark.parametrize(
    ("question", "names", "used", "nobody"),
    [
        ("Que dit le préfet ?", {MOREL}, "prefet", ""),
        ("Que dit la maire sur la digue ?", {ROY}, "maire", ""),
        ("Que dit le préfet de la Nièvre ?", {MOREL}, "prefet de la nievre", ""),
        ("Que dit le préfet de la Nièvre quand il pleut ?", {MOREL}, "prefet de la nievre", ""),
        ("Que dit le préfet de police ?", {MOREL}, "prefet", ""),
        ("What did the avocat say?", {LAWYER}, "avocat", ""),
        ("Que dit la procureure ?", {"Procureure"}, "procureure", ""),
        ("Que dit le ministre ?", set(), "", "ministre"),
        ("Que dit le ministre de la mer sur la digue ?", set(), "", "ministre de la mer"),
        ("Que dit la digue du préfet ?", set(), "", ""),
        ("le préfet", set(), "", ""),
        ("Que dit Morel du préfet ?", {MOREL}, "morel", ""),
    ],
)
def test_an_office_is_whoever_holds_it(
    town: Index, question: str, names: set[str], used: str, nobody: str
) -> None:
    assert asked(question, town) == (names, set(used.split()), nobody)
