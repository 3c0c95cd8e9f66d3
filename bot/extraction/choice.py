"""Whose words, chosen over everybody in the article: what the rules propose and what the reader
scores are features of one log-linear choice, made twice, the second time knowing what the
neighbouring stretches' first choices were.

Without a reader the same choice is made on the other features, with weights of its own.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.extraction.attribution import Attribution
from bot.extraction.entity import Entity
from bot.extraction.learned import Features, Weights, softmax, total
from bot.extraction.mentions import BARE, DESCRIPTION, NAME, PHRASE, PRONOUN, Mention
from bot.extraction.sources import Option
from bot.languages.language import Language
from bot.reader.scores import Score

Shares = dict[Entity | None, float]
_LEAST = 0.003  # a share below it says no less
_HARDLY = 0.01  # the same of what the rules' own model gives
_WORDS = {NAME: NAME, BARE: NAME, DESCRIPTION: DESCRIPTION, PHRASE: DESCRIPTION, PRONOUN: PRONOUN}
_MOST, _LISTED = 12, 60  # entities that are options without a reader, of so many named most
_POINTED = 0.05  # the least share of a mention that is looked at by itself
_FAR = 10  # stretches among which a neighbour is looked for
_SPEAKING = 0.4  # how likely a neighbour must be speech for its speaker to count


@dataclass(slots=True)
class Evidence:
    """What is known of one stretch: shares of entities by the rules' model (``ruled``), by mentions
    anywhere (``anywhere``) and by what the mention beside the words means (``beside``), and the
    shares of the mentions themselves.
    """

    found: Attribution
    ruled: Shares
    anywhere: Shares = field(default_factory=dict)
    beside: Shares = field(default_factory=dict)
    mentions: dict[int, float] = field(default_factory=dict)
    speech: float | None = None
    said: float = 1.0


@dataclass(slots=True)
class Chosen:
    """A stretch's speaker with all that was weighed: options, their features and shares."""

    options: list[Entity | None]
    features: list[Features]
    shares: list[float] = field(default_factory=list)

    @property
    def best(self) -> int:
        return max(range(len(self.options)), key=self.shares.__getitem__)


def weigh(
    attributions: Sequence[Attribution],
    mentions: Sequence[Mention],
    scores: Sequence[Score | None] | None,
) -> list[Evidence]:
    """The evidence for each stretch; ``scores`` are the reader's, None without one."""
    found = []
    for number, attribution in enumerate(attributions):
        evidence = Evidence(attribution, _ruled(attribution))
        score = scores[number] if scores is not None else None
        if score is not None:
            _read(evidence, score, mentions)
        found.append(evidence)
    return found


def _ruled(found: Attribution) -> Shares:
    """What the rules' own model gives each entity."""
    shares: Shares = {}
    if found.choice is not None:
        for value, share in zip(found.choice.values, found.choice.shares(), strict=True):
            entity = value.entity if isinstance(value, Option) else value
            if entity is None or isinstance(entity, Entity):
                shares[entity] = max(shares.get(entity, 0.0), share)
    shares.setdefault(found.entity, found.sure)
    return shares


def _read(evidence: Evidence, score: Score, mentions: Sequence[Mention]) -> None:
    """Turn the reader's scores of mentions into shares of entities."""
    evidence.speech = score.speech
    evidence.anywhere, evidence.beside = entity_shares(score, mentions)
    evidence.mentions = _mention_shares(score)


def _mention_shares(score: Score) -> dict[int, float]:
    beside = list(score.beside)
    if not beside:
        return {}
    return dict(zip(beside, softmax([score.beside[i] for i in beside]), strict=True))


def entity_shares(score: Score, mentions: Sequence[Mention]) -> tuple[Shares, Shares]:
    """The shares of entities by mentions anywhere, and by what the mention beside the words
    means.
    """
    anywhere: Shares = {}
    named = [
        i for i in score.anywhere if mentions[i].kind != PRONOUN and mentions[i].own is not None
    ]
    if named:
        for i, share in zip(named, softmax([score.anywhere[i] for i in named]), strict=True):
            own = mentions[i].own
            anywhere[own] = anywhere.get(own, 0.0) + share
    beside: Shares = {}
    for i, share in _mention_shares(score).items():
        for entity, part in mentions[i].means:
            beside[entity] = beside.get(entity, 0.0) + share * part
    return anywhere, beside


class Article:
    """What the choice knows of the article as a whole."""

    def __init__(self, mentions: Sequence[Mention], text: str, language: Language) -> None:
        self.mentions, self.text, self.language = mentions, text, language
        self.count: Counter[Entity] = Counter(m.own for m in mentions if m.own is not None)
        self.headed = {m.own for m in mentions if m.heading and m.own is not None}
        self.at: dict[Entity, list[int]] = defaultdict(list)
        self._often = [e for e, _ in self.count.most_common(_LISTED) if _shown(e)]
        self._named: dict[int, list[Entity]] = {}
        self.called: dict[str, set[Entity]] = defaultdict(set)
        """For each noun, who is called by it."""
        for m in mentions:
            if m.own is not None:
                self.at[m.own].append(m.sentence)
                for head in m.own.heads if m.own.named else ():
                    self.called[head].add(m.own)

    def first_choice(self, evidence: Evidence, number: int) -> Chosen:
        """A stretch's options with their features; ``number`` is its sentence's."""
        shares = (evidence.anywhere, evidence.beside, evidence.ruled)
        options = dict.fromkeys(entity for each in shares for entity in each)
        if not evidence.mentions:
            options |= dict.fromkeys(self._known(number))
        mass = self._mass(evidence)
        genders = self._genders(evidence)
        pointed = [
            (self.mentions[i], share) for i, share in evidence.mentions.items() if share >= _POINTED
        ]
        features = [
            self._features(evidence, entity, number, mass, genders, pointed) for entity in options
        ]
        return Chosen(list(options), features)

    def _known(self, number: int) -> list[Entity]:
        """Those named most by a sentence, a few of them."""
        if number not in self._named:
            known = [e for e in self._often if self.at[e][0] <= number]
            self._named[number] = known[:_MOST]
        return self._named[number]

    def _mass(self, evidence: Evidence) -> dict[str, float]:
        """How much of the pointing goes to names, pronouns, descriptions."""
        mass = {NAME: 0.0, PRONOUN: 0.0, DESCRIPTION: 0.0}
        for i, share in evidence.mentions.items():
            mass[_WORDS[self.mentions[i].kind]] += share
        return mass

    def _genders(self, evidence: Evidence) -> dict[str, float]:
        """How much of the pointing goes to pronouns of each gender ("m", "f") and number ("+")."""
        genders = {"m": 0.0, "f": 0.0, "+": 0.0}
        for i, share in evidence.mentions.items():
            mention = self.mentions[i]
            if mention.kind != PRONOUN:
                continue
            word = self.text[slice(*mention.span)].lower().strip("-")
            gender, plural = self.language.pronoun_gender(word)
            key = "+" if plural else gender
            if key in genders:
                genders[key] += share
        return genders

    def _features(
        self,
        evidence: Evidence,
        entity: Entity | None,
        number: int,
        mass: Mapping[str, float],
        genders: Mapping[str, float],
        pointed: Sequence[tuple[Mention, float]],
    ) -> Features:
        found = evidence.found
        taken = float(entity is found.entity)
        features: Features = {
            "rules": _log(evidence.ruled.get(entity, 0.0), _HARDLY),
            "rules:none": float(entity not in evidence.ruled),
            "taken": taken,
            "taken:sure": taken * found.sure,
            "taken:stated": taken * found.stated,
            "taken:forced": taken * bool(found.marked.label or found.marked.dialogue),
            "taken:incise": taken * (len(found.segments) > 1),
            "nobody": float(entity is None),
        }
        if evidence.mentions:
            features |= _scored(evidence, entity, mass, taken, self.language.code)
        if entity is not None:
            features |= self._of_entity(entity, number, mass, genders)
            features |= self._described(entity, pointed)
        return {name: value for name, value in features.items() if value}

    def _of_entity(
        self,
        entity: Entity,
        number: int,
        mass: Mapping[str, float],
        genders: Mapping[str, float],
    ) -> Features:
        at = self.at.get(entity, [])
        before = [number - n for n in at if n <= number]
        others = genders["f"] if entity.gender == "m" else genders["m"]
        single = genders["m"] + genders["f"]
        unlike = single if entity.plural else others * (entity.gender in ("m", "f")) + genders["+"]
        like = genders["+"] if entity.plural else genders.get(entity.gender, 0.0)
        described = not entity.named
        return {
            f"kind:{entity.kind}": 1.0,
            f"sort:{entity.sort}": 1.0,
            "full": float(entity.full),
            "mute": float(not entity.speakable),
            "counts": math.log1p(self.count[entity]),
            "headline": float(entity in self.headed),
            "later": float(bool(at) and not before),
            f"near:{min(before, default=9) if before else 9}": float(min(before, default=9) < 4),
            "gender:unlike": unlike,
            "gender:like": like,
            "pronoun:body": single * (entity.kind in ("org", "document")),
            "pronoun:described": single * described,
            "described:named": mass[DESCRIPTION] * (entity.kind == "person" and entity.full),
            "described:described": mass[DESCRIPTION] * described,
        }

    def _described(self, entity: Entity, pointed: Sequence[tuple[Mention, float]]) -> Features:
        """How an entity fits the descriptions that are pointed to: is it called so, is it the
        description itself while somebody else is called so, do gender and number agree?
        """
        found: Features = defaultdict(float)
        for mention, share in pointed:
            if _WORDS[mention.kind] != DESCRIPTION or mention.own is None:
                if mention.own is not None and mention.own is entity:
                    found["pointed:name"] += share
                continue
            called = self.called.get(mention.head, ())
            own = mention.own
            if own is entity:
                found["pointed:itself"] += share
                found["pointed:itself:others"] += share * any(e is not own for e in called)
                found["pointed:itself:again"] += share * (self.count[own] > 1)
                continue
            fits = entity in called
            found["pointed:called"] += share * fits
            found["pointed:called:alone"] += share * (fits and len(called) - (own in called) == 1)
            found["pointed:not called"] += share * (not fits and bool(called))
            unlike = own.gender and entity.gender and own.gender != entity.gender
            found["pointed:unlike"] += share * bool(unlike or own.plural != entity.plural)
        return found


def _shown(entity: Entity) -> bool:
    return entity.named and entity.speakable


def _log(share: float, least: float = _LEAST) -> float:
    return math.log(max(share, least))


def _scored(
    evidence: Evidence, entity: Entity | None, mass: Mapping[str, float], taken: float, code: str
) -> Features:
    """What the reader's scores say of an entity, by the kind of mention they point to."""
    one, other = evidence.anywhere.get(entity, 0.0), evidence.beside.get(entity, 0.0)
    anywhere, beside, both = _log(one), _log(other), (one + other) / 2
    features = {
        "anywhere": anywhere,
        "beside": beside,
        "both": _log(both),
        f"anywhere:{code}": anywhere,
        f"beside:{code}": beside,
    }
    for kind, share in mass.items():
        features[f"anywhere:{kind}"] = anywhere * share
        features[f"beside:{kind}"] = beside * share
        features[f"taken:{kind}"] = taken * share
    return features


def share_out(chosen: Chosen, model: str, table: Weights | None) -> Chosen:
    """Give each option its share under a model's weights."""
    chosen.shares = softmax([total(model, f, table) for f in chosen.features])
    return chosen


def again(evidence: Sequence[Evidence], firsts: Sequence[Chosen]) -> list[Chosen]:
    """The second choice's options: the first's, with what the neighbours chose."""
    sums: Shares = {}
    shares = [dict(zip(c.options, c.shares, strict=True)) for c in firsts]
    for e, each in zip(evidence, shares, strict=True):
        for entity, value in each.items():
            sums[entity] = sums.get(entity, 0.0) + value * e.said
    whole = sum(e.said for e in evidence)
    made = []
    for number, (own, chosen) in enumerate(zip(evidence, firsts, strict=True)):
        sides = (("before", _side(evidence, number, -1)), ("after", _side(evidence, number, 1)))
        rest = whole - own.said
        features = []
        for entity, first, share in zip(
            chosen.options, chosen.features, chosen.shares, strict=True
        ):
            new = dict(first) | {"first": _log(share)}
            for side, other in sides:
                if other is None:
                    new[f"{side}:none"] = float(entity is own.found.entity)
                    continue
                distance = _apart(own.found, evidence[other].found)
                new[f"{side}:{distance}"] = shares[other].get(entity, 0.0) * evidence[other].said
            left = sums.get(entity, 0.0) - share * own.said
            new["elsewhere"] = left / rest if rest > _SPEAKING / 2 else 0.0
            features.append({name: value for name, value in new.items() if value})
        made.append(Chosen(chosen.options, features))
    return made


def _side(evidence: Sequence[Evidence], number: int, step: int) -> int | None:
    """The next stretch on one side that is likely speech."""
    for at in range(number + step, number + (_FAR + 1) * step, step):
        if 0 <= at < len(evidence) and evidence[at].said > _SPEAKING:
            return at
    return None


def _apart(one: Attribution, other: Attribution) -> str:
    if one.sentence is other.sentence:
        return "sentence"
    apart = abs(one.sentence.paragraph - other.sentence.paragraph)
    return "paragraph" if not apart else "next" if apart == 1 else "far"
