"""Pages of the project's own articles, as sites put them: eight layouts, with and without
declarations, and all that stands around an article.
"""

from __future__ import annotations

import html
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from extract_rows import article_of, load

GOLD = Path(__file__).parent.parent / "seeds" / "gold"
_SITES = {
    "fr": ("Le Courrier du Val", "La Vigie", "L’Écho des Rives"),
    "en": ("The Valley Courier", "Harbour Watch", "The Weekly Ferry"),
}
_NAMES = {
    "fr": ("Ana Roy", "Luc Morel", "Jeanne Aubry", "Paul Lenoir"),
    "en": ("Anne Reed", "Luke Moore", "Jean Aubrey", "Paul Black"),
}
_BY = {"fr": ("Par", "Propos recueillis par"), "en": ("By", "Written by")}
_JUNK = {
    "fr": (
        "« Nous avons tout perdu », racontent les sinistrés du moulin",
        "« C’est une honte », s’indigne le patron du bac",
        "« Jamais vu une telle affluence », dit la gardienne du phare",
        "« Je n’y crois plus », lâche un habitué du marché",
    ),
    "en": (
        "“We lost everything,” say the people of the mill",
        "“It is a disgrace,” the ferryman fumes",
        "“Never seen such a crowd,” says the lighthouse keeper",
        "“I no longer believe it,” a market regular sighs",
    ),
}
_ALSO = {"fr": "À lire aussi", "en": "Read also"}
_OFFER = {
    "fr": "Abonnez-vous pour 1 € par mois : « Le meilleur de l’info », sans engagement.",
    "en": "Subscribe for £1 a month: “The best of the news”, cancel anytime.",
}
_LAYOUTS = ("declared", "opengraph", "bare", "glued", "live", "paywall", "comments", "divs")


@dataclass(frozen=True, slots=True)
class Page:
    """A page's HTML with what is right of it, and the quotations that are not of its article."""

    name: str
    html: str
    title: str
    paragraphs: tuple[str, ...]
    author: str | None
    published: str
    publisher: str
    junk: tuple[str, ...]


def pages(seed: int = 5) -> Iterator[Page]:
    """Two layouts of each article: 54 pages."""
    chance = random.Random(seed)
    number = 0
    for path in sorted(GOLD.glob("own_*.jsonl")):
        for document in load(path):
            for _ in range(2):
                yield _page(document, _LAYOUTS[number % len(_LAYOUTS)], chance, number)
                number += 1


def _page(document: dict[str, str], layout: str, chance: random.Random, number: int) -> Page:
    article = article_of(document)
    title, paragraphs = article.title, tuple(article.text[slice(*span)] for span in article.body)
    code = article.language
    site, author = chance.choice(_SITES[code]), chance.choice(_NAMES[code])
    day = f"20{20 + number % 5}-{1 + number % 12:02}-{1 + number % 28:02}"
    junk = tuple(chance.sample(_JUNK[code], 4))
    signed = layout != "comments"
    head = _head(layout, code, title, site, author if signed else None, day)
    body = _body(layout, code, title, paragraphs, site, author if signed else None, day, junk)
    page = (
        f'<!doctype html>\n<html lang="{code}"><head><meta charset="utf-8">{head}</head><body>'
        f"{body}</body></html>"
    )
    kept = paragraphs[: max(1, len(paragraphs) // 2)] if layout == "paywall" else paragraphs
    return Page(
        f"{document['id']}-{layout}",
        page,
        title,
        kept,
        author if signed else None,
        day,
        site,
        (*junk, _OFFER[code]),
    )


def _head(layout: str, code: str, title: str, site: str, author: str | None, day: str) -> str:
    quoted = html.escape(title, quote=True)
    head = f"<title>{quoted} | {html.escape(site)}</title>"
    if layout in ("declared", "live", "paywall", "comments"):
        row = {
            "@context": "https://schema.org",
            "@type": "LiveBlogPosting" if layout == "live" else "NewsArticle",
            "headline": title,
            "datePublished": f"{day}T23:30:00+02:00",
            "dateModified": f"{day}T23:45:00+02:00",
            "publisher": {"@type": "NewsMediaOrganization", "name": site},
            "inLanguage": code,
            **(
                {"author": [{"@type": "Person", "name": f"{_BY[code][0]} {author}"}]}
                if author
                else {"author": {"@type": "Organization", "name": site}}
            ),
            **({"isAccessibleForFree": False} if layout == "paywall" else {}),
        }
        wrapped = {
            "@context": "https://schema.org",
            "@graph": [{"@type": "WebSite", "name": site}, row],
        }
        head += (
            f'<script type="application/ld+json">{json.dumps(wrapped, ensure_ascii=False)}</script>'
        )
    if layout in ("opengraph", "glued", "divs"):
        head += (
            f'<meta property="og:title" content="{quoted}"><meta property="og:site_name" '
            f'content="{html.escape(site)}">'
        )
        head += (
            f'<meta property="article:published_time" content="{day}T06:00:00Z"><meta '
            'property="og:type" content="article">'
        )
        head += f'<meta name="author" content="{_BY[code][1]} {author}">'
    return head


def _body(
    layout: str,
    code: str,
    title: str,
    paragraphs: tuple[str, ...],
    site: str,
    author: str | None,
    day: str,
    junk: tuple[str, ...],
) -> str:
    rows = [html.escape(p, quote=False) for p in paragraphs]
    if layout == "paywall":
        rows = rows[: max(1, len(rows) // 2)]
    block = "div" if layout == "divs" else "p"
    made = [f"<{block}>{row}</{block}>" for row in rows]
    teaser = f'<a href="/x">{html.escape(junk[0], quote=False)}</a>'
    if layout in ("declared", "opengraph", "comments", "live"):
        made.insert(len(made) // 2, f"<p><strong>{_ALSO[code]} :</strong> {teaser}</p>")
    if layout in ("glued", "bare") and len(made) > 1:
        made[1] = made[1].replace(
            f"</{block}>", f" <b>{_ALSO[code].upper()}</b> {teaser}</{block}>"
        )
    if layout == "live":
        made = [
            f'<div class="post"><time datetime="{day}T10:0{n % 10}:00Z">10:0{n % 10}</time>'
            f"{row}</div>"
            for n, row in enumerate(made)
        ]
    if layout == "paywall":
        made.append(
            f'<div class="paywall-offer"><p>{html.escape(_OFFER[code], quote=False)}</p></div>'
        )
    byline = (
        f'<p class="byline">{_BY[code][0]} <a rel="author" href="/a">{author}</a></p>'
        if author
        else ""
    )
    dated = f'<time pubdate datetime="{day}">{day}</time>' if layout in ("bare", "divs") else ""
    figure = (
        f"<figure><img src=x.jpg><figcaption>{html.escape(junk[1], quote=False)} "
        f"({site})</figcaption></figure>"
    )
    nav = "".join(
        f'<li><a href="/{n}">{html.escape(one, quote=False)}</a></li>' for n, one in enumerate(junk)
    )
    comments = (
        '<section id="comments"><h3>3</h3><div class="comment"><p>'
        f"{html.escape(junk[2], quote=False)}</p></div></section>"
    )
    side = (
        f'<div class="sidebar"><h4>{html.escape(junk[3], quote=False)}</h4><p>'
        f"{html.escape(junk[1], quote=False)}, a dit Max Petit.</p></div>"
    )
    heading = f"<h1>{html.escape(title, quote=False)}</h1>"
    article = f"<article><header>{heading}{byline}{dated}</header>{figure}{''.join(made)}</article>"
    if layout == "divs":
        article = (
            '<div class="content has-sidebar"><div class="story">'
            f"{heading}{byline}{dated}{''.join(made)}</div></div>"
        )
    below = comments if layout != "bare" else ""
    return (
        f"<header><nav><ul>{nav}</ul></nav></header><main>{article}{below}</main>"
        f"{side}<footer>© {site}</footer>"
    )
