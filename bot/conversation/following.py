"""Following: whom or what, and when to be told."""

from __future__ import annotations

from collections.abc import Callable

from bot.conversation.turn import ID, Turn
from bot.domain.errors import NotFoundError
from bot.domain.reply import Reply
from bot.domain.tracking import Follow
from bot.replies.follow import digest_usage, followed_reply, following_reply, key_of
from bot.replies.talk import gone_reply
from bot.services.wanted import ARTICLE

_LONGEST = 100  # characters of what is followed


def follow(turn: Turn, rest: str) -> Reply:
    """/follow NAME, words, or an article's id."""
    if not any(map(str.isalnum, rest)):
        return following_reply(turn.desk.follows.of(turn.reader.id), turn.say)
    if ID.fullmatch(rest) and turn.desk.store.article(rest):
        return follow_article(turn, rest)
    found = turn.desk.speakers(rest, 0, 2)
    if found.total == 1 or (found.total > 1 and found.items[0][1] >= 3 * found.items[1][1]):
        return follow_speaker(turn, found.items[0][0].id)
    publishers = {a.publisher for a in turn.desk.articles(rest, 0, 50).items if a.publisher}
    what = "publisher" if rest in publishers else "words"
    new = turn.desk.follows.add(turn.reader.id, what, rest[:_LONGEST], rest[:_LONGEST])
    return followed_reply(rest, new, turn.say)


def follow_article(turn: Turn, article_id: str) -> Reply:
    """An article, whose edits are told."""
    article, _ = turn.desk.article(article_id)
    label = article.title[:_LONGEST] or article.id
    new = turn.desk.follows.add(turn.reader.id, ARTICLE, article.id, label)
    return followed_reply(label, new, turn.say)


def follow_button(turn: Turn, key: str) -> Reply:
    """The button under a quote (its speaker), or under an article."""
    return follow_article(turn, key) if turn.desk.store.article(key) else follow_speaker(turn, key)


def follow_speaker(turn: Turn, speaker_id: str) -> Reply:
    """The button under somebody's quote."""
    try:
        speaker, _ = turn.desk.speaker(speaker_id, 0, 1)
    except NotFoundError:
        return gone_reply(turn.say)
    new = turn.desk.follows.add(turn.reader.id, "speaker", speaker.id, speaker.name)
    return followed_reply(speaker.name, new, turn.say)


def following(turn: Turn, rest: str) -> Reply:
    """/following: the list; /following 8 Europe/Paris, /following now."""
    if rest:
        hour, _, zone = rest.partition(" ")
        known = turn.desk.follows.of(turn.reader.id).zone
        at = None if hour == "now" else int(hour) if hour.isdecimal() else -1
        if not turn.desk.follows.digest(turn.reader.id, at, zone.strip() or known):
            return digest_usage(turn.say)
    return following_reply(turn.desk.follows.of(turn.reader.id), turn.say)


def mute(turn: Turn, key: str) -> Reply:
    """A button of the list."""
    return _changed(turn, key, turn.desk.follows.mute)


def unfollow(turn: Turn, key: str) -> Reply:
    """Another button of the list."""
    return _changed(turn, key, turn.desk.follows.remove)


def _changed(turn: Turn, key: str, change: Callable[[int, str], bool]) -> Reply:
    """The list once a button's following is changed."""
    found = _found(turn, key)
    if found is None:
        return gone_reply(turn.say)
    change(turn.reader.id, found.key)
    return following(turn, "")


def _found(turn: Turn, key: str) -> Follow | None:
    return next((f for f in turn.desk.follows.of(turn.reader.id).items if key_of(f) == key), None)
