"""What there is, and what every button leads to."""

from __future__ import annotations

from bot.conversation import editing, following, record
from bot.conversation.turn import ID, Turn
from bot.domain.errors import NotFoundError
from bot.domain.model import Article, Paged, Passage, Quote
from bot.domain.reply import Reply
from bot.replies.actions import Action, To
from bot.replies.history import history_reply
from bot.replies.lists import (
    LINES,
    QUOTES,
    article_reply,
    articles_reply,
    recent_reply,
    speaker_reply,
    speakers_reply,
)
from bot.replies.phrases import LANGUAGES
from bot.replies.pictures import card_reply, verdict_card_reply
from bot.replies.quote import copy_reply, quote_reply
from bot.replies.source import context_reply, source_reply
from bot.replies.talk import (
    admins_choose_reply,
    gone_reply,
    history_usage,
    language_reply,
    source_usage,
)
from bot.replies.verify import KINDS as VERDICTS
from bot.replies.verify import card_label

_EDITING = {
    To.REPORT: editing.report,
    To.DROP: editing.drop,
    To.NOBODY: editing.nobody,
    To.RESTORE: editing.restore,
    To.REMOVE: editing.remove,
    To.FOLLOW: following.follow_button,
    To.UNFOLLOW: following.unfollow,
    To.MUTE: following.mute,
    To.SPEAKS: editing.speaks,
}


def press(turn: Turn, data: str) -> Reply:
    """What a button leads to, the pages of an answer excepted; kind words for what is gone."""
    action = Action.decode(data)
    return act(turn, action) if action else gone_reply(turn.say)


def act(turn: Turn, action: Action) -> Reply:
    """What an action leads to, whether a button or a typed line asks for it: a line's words may be
    longer than a button holds.
    """
    try:
        return _pressed(turn, action)
    except NotFoundError:
        return gone_reply(turn.say)


def _pressed(turn: Turn, action: Action) -> Reply:
    desk, say, key = turn.desk, turn.say, action.key
    match action.to:
        case To.SOURCE:
            return show_source(turn, key)
        case To.CONTEXT:
            return context_reply(desk.quote(key), say)
        case To.QUOTE:
            return quote_reply(desk.quote(key), say)
        case To.COPY:
            return copy_reply(desk.quote(key), say)
        case To.CARD | To.DARK_CARD:
            return card_reply(desk.quote(key), say, dark=action.to is To.DARK_CARD)
        case To.SPEAKER:
            speaker, found = desk.speaker(key, action.number, QUOTES)
            return speaker_reply(speaker, found, say, desk.roles(key))
        case To.TIMELINE:
            speaker, _ = desk.speaker(key, 0, 1)
            return record.show_timeline(turn, speaker, action.words, action.number)
        case To.ARTICLE:
            return _article(turn, *desk.article(key), action.number)
        case To.VERDICT:
            kind = VERDICTS[min(action.number, len(VERDICTS) - 1)]
            return verdict_card_reply(desk.quote(key), card_label(kind, say), say)
        case To.LANGUAGE:
            return choose(turn, key)
    edit = _EDITING.get(action.to)
    return edit(turn, key) if edit else _listed(turn, action)


def _listed(turn: Turn, action: Action) -> Reply:
    desk, say = turn.desk, turn.say
    match action.to:
        case To.SPEAKERS:
            named = desk.speakers(action.words, action.number, LINES)
            often = None if action.words else desk.often()
            return speakers_reply(named, action.words, say, often)
        case To.ARTICLES:
            return articles_reply(
                desk.articles(action.words, action.number, LINES), action.words, say
            )
        case To.RECENT:
            return recent_reply(desk.recent(action.number, QUOTES), say)
    raise NotFoundError(action.to)


def _article(turn: Turn, article: Article, quotes: tuple[Quote, ...], number: int = 0) -> Reply:
    return article_reply(article, Paged.of(quotes, number, QUOTES), turn.say)


def show_source(turn: Turn, key: str) -> Reply:
    """The source of a quote, or an article; NotFoundError when neither is there."""
    try:
        quote, article = turn.desk.quote(key)
    except NotFoundError:
        return _article(turn, *turn.desk.article(key))
    passage = Passage(quote, article)
    return source_reply(
        passage, turn.desk.store.quotes(article.id), turn.say, turn.desk.claim(passage)
    )


def source(turn: Turn, rest: str) -> Reply:
    """/source ID, or beside one of the bot's answers."""
    given = ID.fullmatch(rest.split(maxsplit=1)[0]) if rest else None
    key = given["id"] if given else None if rest else turn.quote_id()
    if key is None:
        return source_usage(turn.say)
    try:
        return show_source(turn, key)
    except NotFoundError:
        return gone_reply(turn.say)


def speakers(turn: Turn, rest: str) -> Reply:
    """Who is quoted, or whose names begin so."""
    return act(turn, Action(To.SPEAKERS, words=rest))


def recent(turn: Turn, rest: str) -> Reply:  # noqa: ARG001 as every command
    """The latest quotes."""
    return act(turn, Action(To.RECENT))


def articles(turn: Turn, rest: str) -> Reply:
    """The articles, or those of a title, publisher, address or date."""
    return act(turn, Action(To.ARTICLES, words=rest))


def history(turn: Turn, rest: str) -> Reply:
    """/history ID: what an edited article changed."""
    given = ID.fullmatch(rest.split(maxsplit=1)[0]) if rest else None
    try:
        return history_reply(*turn.desk.history(given["id"] if given else ""), turn.say)
    except NotFoundError:
        return gone_reply(turn.say) if rest else history_usage(turn.say)


def language(turn: Turn, rest: str) -> Reply:
    """/language, /language fr."""
    code = rest.lower()[:2]
    return choose(turn, code) if code in LANGUAGES else language_reply(turn.say)


def choose(turn: Turn, code: str) -> Reply:
    """A language is chosen, for good."""
    if code not in LANGUAGES:
        return gone_reply(turn.say)
    if not turn.reader.may_choose:
        return admins_choose_reply(turn.say)
    turn.languages.choose(turn.reader, code)
    return language_reply(turn.languages.say(turn.reader), chosen=True)
