"""Everything in an article that may name a speaker: names, pronouns, descriptions, bare runs of
capitals and other noun phrases, each with whom it means.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.model import Span
from bot.extraction.clause import NOUN, parse
from bot.extraction.entity import Entity
from bot.extraction.learned import Choice
from bot.extraction.names import segments
from bot.extraction.phrase import Phrase
from bot.extraction.reference import Resolution
from bot.extraction.register import RUN, Register
from bot.extraction.roles import clean, role_head
from bot.extraction.sentence import Sentence

NAME, PRONOUN, DESCRIPTION, BARE, PHRASE = "name", "pronoun", "description", "run", "phrase"
_MOST = 5  # entities that one mention may mean


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase that may be a speaker's.

    ``span`` is its core (the proper name, else up to the head noun), ``full`` the whole phrase,
    ``own`` the entity that it names itself (None for a pronoun), ``means`` the entities it may mean
    with their probabilities, ``sentence`` that sentence's number, ``head`` a description's noun.
    """

    span: Span
    full: Span
    kind: str
    own: Entity | None
    means: tuple[tuple[Entity | None, float], ...]
    sentence: int
    paragraph: int
    heading: bool
    head: str = ""


def find_mentions(
    sentences: Sequence[Sentence], register: Register, resolved: Iterable[Resolution]
) -> list[Mention]:
    """The mentions in the order of the text, none twice: first what was resolved on the way, then
    names and noun phrases that nothing asked about.
    """
    numbers = {id(s): number for number, s in enumerate(sentences)}
    found: dict[Span, Mention] = {}
    for r in resolved:
        _add(found, register, numbers, r)
    taken: dict[int, list[Span]] = defaultdict(list)
    for mention in found.values():
        taken[mention.sentence].append(mention.span)
    for number, s in enumerate(sentences):
        _bare_runs(found, taken[number], register, number, s)
        for chunk in parse(s).chunks:
            phrase = chunk.phrase
            if chunk.kind == NOUN and phrase and not phrase.name and not phrase.pronoun:
                _add(found, register, numbers, Resolution(s, phrase, None), PHRASE)
    return sorted(found.values(), key=lambda m: m.span)


def _add(
    found: dict[Span, Mention],
    register: Register,
    numbers: dict[int, int],
    r: Resolution,
    kind: str = "",
) -> None:
    s, phrase = r.sentence, r.phrase
    for member in phrase.members:
        _add(found, register, numbers, Resolution(s, member, None))
    core = _core(phrase)
    if phrase.first >= phrase.last or id(s) not in numbers:
        return
    span = s.spans[core[0]][0], s.spans[core[1] - 1][1]
    if span in found:
        return
    own, means = _meant(register, s, phrase, r.choice)
    full = s.spans[phrase.first][0], s.spans[phrase.last - 1][1]
    number = numbers[id(s)]
    kind = kind or _kind(phrase)
    described = phrase.head is not None and phrase.name is None and phrase.pronoun is None
    head = role_head(s, phrase.head) if described and phrase.head is not None else ""
    found[span] = Mention(span, full, kind, own, means, number, s.paragraph, s.heading, head)


def _core(phrase: Phrase) -> tuple[int, int]:
    """The tokens of a phrase's name, else of what stands up to its head."""
    if phrase.name and not phrase.members:
        return phrase.name
    if phrase.head is not None and phrase.first <= phrase.head:
        return phrase.first, phrase.head + 1
    return phrase.first, phrase.last


def _kind(phrase: Phrase) -> str:
    return PRONOUN if phrase.pronoun is not None else NAME if phrase.name else DESCRIPTION


def _meant(
    register: Register, s: Sentence, phrase: Phrase, choice: Choice | None
) -> tuple[Entity | None, tuple[tuple[Entity | None, float], ...]]:
    """The entity that a phrase names itself, and those it may mean."""
    if phrase.pronoun is not None:
        return None, _likeliest(choice)
    if phrase.name and not phrase.members:
        taken = choice.value if choice else None
        entity = taken if isinstance(taken, Entity) else register.named(s, phrase)[0]
        return entity, ((entity, 1.0),)
    itself = register.described(s, phrase)
    return itself, _likeliest(choice) if choice else ((itself, 1.0),)


def _likeliest(choice: Choice | None) -> tuple[tuple[Entity | None, float], ...]:
    if choice is None:
        return ()
    pairs = [
        (value if isinstance(value, Entity) else None, share)
        for value, share in zip(choice.values, choice.shares(), strict=True)
    ]
    return tuple(sorted(pairs, key=lambda pair: -pair[1])[:_MOST])


def _bare_runs(
    found: dict[Span, Mention], taken: Sequence[Span], register: Register, number: int, s: Sentence
) -> None:
    """Names that no phrase was resolved for."""
    for match in RUN.finditer(s.tags):
        for first, last in segments(s, *match.span()):
            span = s.spans[first][0], s.spans[last - 1][1]
            inside = any(start <= span[0] and span[1] <= end for start, end in taken)
            name = clean(s.raw(first, last))
            if inside or not name or span in found:
                continue
            entity = register.body(name)
            found[span] = Mention(
                span, span, BARE, entity, ((entity, 1.0),), number, s.paragraph, s.heading
            )
