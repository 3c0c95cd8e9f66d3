"""A message in the making: both forms of a line, blockquotes, and as many messages as it takes."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from botapi_html import parse_html

from bot.domain.model import Span
from bot.domain.reply import Button, Reply
from bot.replies.page import (
    CAPTION,
    LIMIT,
    Page,
    Part,
    bold,
    code,
    link,
    marked,
    shorten,
    struck,
    text,
    utf16_length,
)

WORDS = 'Ana <Roy> & "Luc" d\'Or'
ESCAPED = 'Ana &lt;Roy&gt; &amp; "Luc" d\'Or'
NIGHT = "La nuit fut longue."
SITE = "https://valmont.example/?a=1&b=2"
HREF = '<a href="https://valmont.example/?a=1&amp;b=2">'


def messages(page: Page) -> list[Reply]:
    """Every message that a page becomes, in order."""
    reply = page.reply()
    return [reply, *reply.more]


def block(words: str, *spans: Span, before: str = "", after: str = "") -> str:
    """A blockquote as Telegram gets it."""
    return Page().block(words, spans, before, after).reply().html


def pieces(words: str) -> list[str]:
    """The words of each blockquote that a long quotation becomes."""
    html = "".join(message.html for message in messages(Page().block(words)))
    opened = html.replace("\n<blockquote>", "<blockquote>").split("<blockquote>")[1:]
    assert all(one.endswith("</blockquote>") for one in opened)
    return [one.removesuffix("</blockquote>") for one in opened]


# ---- pieces of a line
@pytest.mark.parametrize(
    ("part", "html", "plain"),
    [
        (text(WORDS), ESCAPED, WORDS),
        (bold(WORDS), f"<b>{ESCAPED}</b>", WORDS),
        (struck(WORDS), f"<s>{ESCAPED}</s>", WORDS),
        (code(WORDS), f"<code>{ESCAPED}</code>", WORDS),
        (link(WORDS, SITE), f"{HREF}{ESCAPED}</a>", f"{WORDS} <{SITE}>"),
        (link(SITE, SITE), f"{HREF}https://valmont.example/?a=1&amp;b=2</a>", SITE),
        (link('x"y', 'x"y'), '<a href="x&quot;y">x"y</a>', 'x"y'),
    ],
)
def test_both_forms_of_a_piece(part: Part, html: str, plain: str) -> None:
    assert (part.html, part.plain) == (html, plain)


def test_a_piece_cannot_be_changed_behind_a_pages_back() -> None:
    part = text("Valmont")
    with pytest.raises(FrozenInstanceError):
        part.plain = "Lyon"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("words", "spans", "html"),
    [
        ("La digue tient", [], "La digue tient"),
        ("La digue tient", [(3, 8)], "La <b>digue</b> tient"),
        ("La digue tient", [(0, 2), (9, 14)], "<b>La</b> digue <b>tient</b>"),
        ("La digue tient", [(9, 14), (0, 2)], "<b>La</b> digue <b>tient</b>"),
        ("La digue tient", [(3, 8), (8, 14)], "La <b>digue</b><b> tient</b>"),
        ("La digue tient", [(3, 8), (5, 14)], "La <b>digue</b> tient"),
        ("La digue tient", [(4, 4)], "La digue tient"),
        ("La digue tient", [(4, 4), (9, 14)], "La digue <b>tient</b>"),
        ('"a" & "b" < "c"', [(6, 9)], '"a" &amp; <b>"b"</b> &lt; "c"'),
    ],
)
def test_spans_in_bold(words: str, spans: list[Span], html: str) -> None:
    assert marked(words, spans) == html


# ---- lines and blocks
def test_lines_gaps_and_blocks_stand_in_the_order_they_were_added() -> None:
    page = Page().gap().line("La ", bold("digue"), " <tient>").gap().block("Oui.").line("Fin").gap()
    reply = page.reply()
    assert reply.html == "La <b>digue</b> &lt;tient&gt;\n\n<blockquote>Oui.</blockquote>\nFin"
    assert reply.plain == "La digue <tient>\n\n  Oui.\nFin"
    assert reply.more == ()


@pytest.mark.parametrize(
    ("html", "inside"),
    [
        (block("Oui, je viens"), "Oui, je viens"),
        (block("Oui, je viens", (5, 7)), "Oui, <b>je</b> viens"),
        (block('Le "pont"', before='"<', after='>"'), '"&lt;Le "pont"&gt;"'),
    ],
)
def test_a_blockquote(html: str, inside: str) -> None:
    assert html == f"<blockquote>{inside}</blockquote>"


def test_a_folded_blockquote_is_to_be_opened() -> None:
    folded = Page().block("Oui", folded=True).reply()
    assert folded.html == "<blockquote expandable>Oui</blockquote>"
    assert folded.plain == Page().block("Oui").reply().plain


def test_every_row_of_a_block_is_set_in_in_plain_text() -> None:
    assert Page().line("Ana Roy :").block("Un\nDeux", (), "« ", " »").reply().plain == (
        "Ana Roy :\n  « Un\n  Deux »"
    )


# ---- long words
@pytest.mark.parametrize(
    ("words", "sizes"),
    [
        ("a" * 3600, [3600]),
        ("a" * 3601, [3600, 1]),
        ("é" * 3600, [3600]),
        ("😀" * 1800, [1800]),
        ("😀" * 3600, [1800, 1800]),
        ("a" * 7201, [3600, 3600, 1]),
        ("mot " * 900 + "fin", [3600, 3]),
        ("mot " * 1000, [3600, 400]),
        ("ab " * 1300, [3600, 300]),
        ("abcdef " * 600, [3598, 602]),
        (f"{NIGHT} " * 400, [3600, 3600, 800]),
        ("a" * 898 + ". " + "mot " * 1000, [3600, 1300]),
        ("a" * 899 + ". " + "mot " * 1000, [901, 3600, 400]),
        ("a" * 999 + "! " + "b" * 999 + "? " + "mot " * 1000, [2002, 3600, 400]),
        ("a" * 1000 + ".»\n" + "b" * 4000, [1003, 3600, 400]),
        ("a" * 1000 + "\n\n" + "b" * 3000, [1002, 3000]),
        ("a" * 50 + " " + "b" * 4000, [51, 3600, 400]),
    ],
)
def test_long_words_go_on_in_further_blocks(words: str, sizes: list[int]) -> None:
    found = pieces(words)
    assert "".join(found) == words
    assert [len(piece) for piece in found] == sizes


def test_marks_stand_only_around_the_whole_and_bold_goes_on_in_the_next_block() -> None:
    words = "a" * 3000 + ". " + "b" * 2000
    spans = [(2999, 3001), (3001, 3004), (5001, 5002)]
    first, last = messages(Page().block(words, spans, "« ", " »"))
    assert first.html == f"<blockquote>« {'a' * 2999}<b>a.</b><b> </b></blockquote>"
    assert last.html == f"<blockquote><b>bb</b>{'b' * 1997}<b>b</b> »</blockquote>"
    assert last.plain.strip() == f"{'b' * 2000} »"


# ---- as many messages as the limit asks for
def test_the_limits_are_telegrams() -> None:
    assert (LIMIT, CAPTION) == (4096, 1024)


@pytest.mark.parametrize(
    ("line", "lines", "count"),
    [
        ("a", 2048, 1),
        ("a", 2049, 2),
        ("a", 4096, 2),
        ("a", 4097, 3),
        ("é", 2048, 1),
        ("😀", 1365, 1),
        ("😀", 1366, 2),
        ("a" * 2047, 2, 1),
        ("a" * 4000, 3, 3),
        ("a" * 4096, 1, 1),
    ],
)
def test_lines_fill_one_message_after_the_other(line: str, lines: int, count: int) -> None:
    page = Page()
    for _ in range(lines):
        page.line(line)
    made = messages(page)
    assert len(made) == count
    assert all(utf16_length(parse_html(one.html)[0]) <= LIMIT for one in made)
    assert "\n".join(one.plain for one in made) == "\n".join([line] * lines)
    assert "\n".join(one.html for one in made) == "\n".join([line] * lines)


def test_many_short_rows_in_a_block_leave_no_empty_message_before_it() -> None:
    (only,) = messages(Page().block("a\n" * 1700))
    assert only.html.startswith("<blockquote>a")


def test_buttons_stand_under_the_last_message_and_pictures_go_with_the_first() -> None:
    row = [Button("Suite", "n"), Button("Fin", "f")]
    page = Page().line("a" * 3000).line("b" * 3000).line("c" * 3000)
    first = page.reply([row, []], [b"png"])
    middle, last = first.more
    assert (first.buttons, middle.buttons, last.buttons) == ((), (), (tuple(row),))
    assert (first.pictures, middle.pictures, last.pictures) == ((b"png",), (), ())
    assert (first.plain[0], middle.plain[0], last.plain[0]) == ("a", "b", "c")


def test_an_only_message_has_the_buttons_itself() -> None:
    button = Button("Suite", "n")
    assert Page().line("Oui").reply([[button]]).buttons == ((button,),)
    assert Page().line("Oui").reply() == Reply("Oui", "Oui")


@pytest.mark.parametrize(("line", "more"), [("", 1), ("abc", 4), ("é", 2), ("😀!", 4)])
def test_the_length_grows_by_a_line_and_its_break(line: str, more: int) -> None:
    page = Page().line("Valmont")
    before = page.length
    assert page.line(line).length - before == more
    assert Page().length == 0


@pytest.mark.parametrize(
    ("words", "length"), [("", 0), ("abc", 3), ("été", 3), ("😀", 2), ("a😀é", 4), ("\ud800", 1)]
)
def test_telegram_counts_utf16_units(words: str, length: int) -> None:
    assert utf16_length(words) == length


@pytest.mark.parametrize(
    ("words", "limit", "short"),
    [
        ("La digue tient", 14, "La digue tient"),
        ("La digue tient", 20, "La digue tient"),
        ("La digue tient", 13, "La digue…"),
        ("La digue tient", 10, "La digue…"),
        ("La digue, elle, tient", 11, "La digue…"),
        ("La digue : elle tient", 13, "La digue…"),
        ("abcd efghijklmnop", 10, "abcd efgh…"),
        ("abcde fghijklmnop", 10, "abcde…"),
        ("Valmontoise", 5, "Valm…"),
    ],
)
def test_shortened_at_a_word(words: str, limit: int, short: str) -> None:
    assert shorten(words, limit) == short
    assert len(short) <= limit
