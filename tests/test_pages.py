"""Pages, feeds, documents: the article and nothing else, what is declared before what is guessed,
refusals in one line.
"""

from __future__ import annotations

import io
import json
import sys
from datetime import date, datetime
from pathlib import Path

import pytest
from conftest import ROOT

from bot.domain.errors import UnreadableFileError
from bot.extraction.extract import extract_quotes
from bot.reading.encoding import decode
from bot.reading.feed import entries_of
from bot.reading.kinds import kind_of
from bot.reading.source import Metadata, Read, read

sys.path.append(str(ROOT / "bench"))

SAID = (
    "« La digue sera relevée de deux mètres avant l’hiver prochain », a promis mardi Luc Morel, "
    "maire de Valmont, devant une salle comble."
)
MORE = (
    "Les travaux dureront deux mois et coûteront trois millions d’euros, selon la préfecture, "
    "qui en paiera la moitié cette année."
)
LAST = (
    "« Nous ne laisserons personne les pieds dans l’eau », a ajouté la préfète Jeanne Aubry, "
    "citant la crue de 2016."
)


def page(body: str = "", head: str = "", lang: str = "fr") -> bytes:
    article = body or (
        f"<article><h1>La digue sera relevée</h1><p>{SAID}</p><p>{MORE}</p><p>{LAST}</p></article>"
    )
    made = (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">{head}</head><body>'
        f"{article}</body></html>"
    )
    return made.encode()


def of(data: bytes, address: str | None = None, content_type: str | None = None) -> Read:
    return read(data, "page.html", Metadata(), None, address, content_type)


def said(data: bytes) -> list[str]:
    article = of(data).article
    return [article.text[q.start : q.end] for q in extract_quotes(article)]


def json_ld(**fields: object) -> str:
    row = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "La digue sera relevée",
        **fields,
    }
    return f'<script type="application/ld+json">{json.dumps(row)}</script>'


def test_a_pages_quotes_are_its_articles() -> None:
    junk = "« Nous avons tout perdu », racontent les sinistrés"
    around = (
        f"<nav><p>{junk}</p></nav>",
        f"<aside><p>{junk}</p></aside>",
        f"<footer><p>{junk}</p></footer>",
        f'<section id="comments"><p>{junk}</p></section>',
        f'<div class="related"><p>{junk}</p></div>',
        f'<div class="newsletter-box"><p>{junk}</p></div>',
        f"<script>var x = '{junk}';</script>",
    )
    inside = (
        f'<p>À lire aussi : <a href="/x">{junk}</a></p>',
        f'<p><a href="/x">{junk}</a></p>',
        f"<figure><figcaption>{junk}</figcaption></figure>",
        f'<div class="share">{junk}</div>',
        f'<blockquote class="pullquote">{LAST.split("»", maxsplit=1)[0]}»</blockquote>',
    )
    article = (
        f"<article><h1>La digue</h1><p>{SAID}</p>{''.join(inside)}<p>{MORE}</p><p>{LAST}</p>"
        "</article>"
    )
    found = said(page(f"{''.join(around)}<main>{article}</main>"))
    assert [text for text in found if "deux mètres" in text or "pieds" in text] == [
        SAID[2:62].strip(),
        LAST[2:50].strip(),
    ]
    assert not any("perdu" in text for text in found)
    assert sum("pieds dans l" in text for text in found) == 1


@pytest.mark.parametrize(
    "label",
    ["À LIRE AUSSI", "<b>À lire aussi</b>", "<strong>Lire aussi :</strong>", "→ Voir aussi"],
)
def test_a_teaser_glued_to_a_paragraph_goes_and_the_paragraph_stays(label: str) -> None:
    glued = f'<p>{MORE} {label} <a href="/y">« La crue du siècle »</a> Ils seront finis en mai.</p>'
    text = of(
        page(f"<article><h1>La digue</h1><p>{SAID}</p>{glued}<p>{LAST}</p></article>")
    ).article.text
    assert "crue du siècle" not in text
    assert "lire aussi" not in text.lower()
    assert "la moitié cette année." in text
    assert "Ils seront finis en mai." in text


def test_what_is_declared_goes_first_and_where_it_was_found_is_kept() -> None:
    head = json_ld(
        datePublished="2024-03-12T23:30:00+02:00",
        dateModified="2024-03-13T08:00:00+02:00",
        inLanguage="fr-FR",
        author=[
            {"@type": "Person", "name": "Par Ana Roy"},
            {"@type": "Person", "name": "Max Petit"},
        ],
        publisher={"@type": "Organization", "name": "Le Courrier"},
    )
    head += '<meta property="og:title" content="Autre titre"><link rel="canonical" href="https://courrier.example/digue?utm_source=x">'
    article = of(page(head=head), "https://courrier.example/digue?id=3").article
    assert (article.title, article.publisher, article.author) == (
        "La digue sera relevée",
        "Le Courrier",
        "Ana Roy, Max Petit",
    )
    assert (article.published, article.updated) == (
        date(2024, 3, 12),
        datetime.fromisoformat("2024-03-13T08:00:00+02:00"),
    )
    assert article.url == "https://courrier.example/digue?utm_source=x"
    assert article.reader
    assert article.reader.startswith("page/1; utf-8 declared; author json-ld;")


@pytest.mark.parametrize(
    ("head", "field", "value"),
    [
        (
            '<meta property="article:published_time" content="2024-03-12T06:00:00Z">',
            "published",
            date(2024, 3, 12),
        ),
        (
            '<meta name="author" content="Recueilli par Ana Roy et Max Petit">',
            "author",
            "Ana Roy, Max Petit",
        ),
        ('<meta name="author" content="https://x.example/ana">', "author", None),
        ('<meta name="author" content="AFP">', "author", None),
        ('<meta name="author" content="La rédaction">', "author", None),
        ('<meta property="og:site_name" content="courrier.example">', "publisher", None),
        ('<meta property="og:site_name" content="Le Courrier">', "publisher", "Le Courrier"),
        (
            '<meta property="og:title" content="La digue, enfin | Le Courrier"><meta '
            'property="og:site_name" content="Le Courrier">',
            "title",
            "La digue sera relevée",
        ),
        ('<meta name="date" content="1815-06-18">', "published", None),
        (json_ld(datePublished="2024-03-12", dateModified="2023-01-01"), "updated", None),
        (
            '<link rel="canonical" href="https://elsewhere.example/">',
            "url",
            "https://courrier.example/a",
        ),
        ('<script type="application/ld+json">{broken</script>', "title", "La digue sera relevée"),
    ],
)
def test_fields(head: str, field: str, value: object) -> None:
    assert getattr(of(page(head=head), "https://courrier.example/a").article, field) == value


def test_times_of_comments_and_teasers_are_no_dates() -> None:
    comments = '<div class="comment"><time datetime="2024-05-05">hier</time></div>'
    assert (
        of(
            page(f"<article><h1>La digue</h1><p>{SAID}</p><p>{MORE}</p></article>{comments}")
        ).article.published
        is None
    )
    dated = (
        '<article><header><h1>La digue</h1><time datetime="2024-03-12T08:00">12 mars</time>'
        f"</header><p>{SAID}</p><p>{MORE}</p></article>"
    )
    assert of(page(dated + comments)).article.published == date(2024, 3, 12)


def test_a_paywalls_stub_is_told() -> None:
    stub = (
        f'<article><h1>La digue sera relevée</h1><p>{SAID}</p><div class="paywall"><p>'
        "Abonnez-vous : « Le meilleur de l’info »</p></div></article>"
    )
    found = of(page(stub, json_ld(isAccessibleForFree=False)))
    assert "Abonnez" not in found.article.text
    assert found.notes == ("only its beginning is free to read",)
    assert "truncated" in (found.article.reader or "")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.4 ...", "pdf"),
        (b"Titre\n\nTexte.", "text"),
        (b"\xef\xbb\xbfTitre", "text"),
        (b"  <!DOCTYPE html><p>", "page"),
        (b"<?xml version='1.0'?><rss version='2.0'>", "feed"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'>", "feed"),
        (b"<?xml version='1.0'?><urlset>", "sitemap"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "jsonfeed"),
        (b'{"text": "a"}\n{"text": "b"}', "jsonl"),
        (b'{"articles": {"1": {}}}', "json"),
        (b"\x89PNG\r\n\0\0", "binary"),
        (b"# Titre\n\nTexte", "text"),
        ("<p>é</p>".encode(), "page"),
        (b"< 5 ans", "text"),
        ("Été".encode("utf-16"), "text"),
    ],
)
def test_kinds_are_told_by_content(data: bytes, kind: str) -> None:
    assert kind_of(data) == kind


@pytest.mark.parametrize(
    ("data", "content_type", "how"),
    [
        ("été".encode(), None, "utf-8 assumed"),
        ("été".encode("utf-8-sig"), None, "utf-8-sig by its mark"),
        ("été".encode("utf-16"), None, "utf-16 by its mark"),
        ("été".encode("cp1252"), "text/html; charset=ISO-8859-1", "windows-1252 declared"),
        (b'<meta charset="windows-1252">' + "été".encode("cp1252"), None, "windows-1252 declared"),
        (
            b'<?xml version="1.0" encoding="iso-8859-15"?>' + "été €".encode("iso-8859-15"),
            None,
            "iso-8859-15 declared",
        ),
        (
            "Les élèves étaient déjà là où l’été s’achève, près de la forêt. ".encode("cp1252")
            * 20,
            None,
            "guessed",
        ),
    ],
)
def test_encodings(data: bytes, content_type: str | None, how: str) -> None:
    found = decode(data, content_type)
    assert found
    assert "été" in found[0] or "étaient" in found[0]
    assert how in found[1]


def test_feeds_of_three_kinds_and_sitemaps() -> None:
    rss = (
        b"<rss version='2.0'><channel><title>Le Courrier</title><item><title>A</title><link>"
        b"https://a.example/1</link><pubDate>Tue, 12 Mar 2024 08:00:00 +0100</pubDate></item>"
        b"<item><link>javascript:x</link></item></channel></rss>"
    )
    atom = (
        b"<feed xmlns='http://www.w3.org/2005/Atom'><title>Le Courrier</title><entry><title>"
        b"A</title><link href='https://a.example/1'/><updated>2024-03-12T08:00:00+01:00</updated>"
        b"</entry></feed>"
    )
    feed = json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "Le Courrier",
            "items": [
                {
                    "url": "https://a.example/1",
                    "title": "A",
                    "date_published": "2024-03-12T08:00:00+01:00",
                }
            ],
        }
    ).encode()
    sitemap = (
        b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
        b"xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>"
        b"https://a.example/1</loc><news:news><news:publication><news:name>Le "
        b"Courrier</news:name></news:publication><news:publication_date>"
        b"2024-03-12T08:00:00+01:00</news:publication_date><news:title>A</news:title></news:news>"
        b"</url></urlset>"
    )
    for data in (rss, atom, feed, sitemap):
        (entry,) = entries_of(data, kind_of(data), "f")
        assert (entry.url, entry.title, entry.publisher) == (
            "https://a.example/1",
            "A",
            "Le Courrier",
        )
        assert entry.published
        assert entry.published.startswith("2024-03-12T")
    with pytest.raises(UnreadableFileError, match="names no article"):
        entries_of(b"<rss version='2.0'><channel></channel></rss>", "feed", "f")


def test_documents() -> None:
    docx = pytest.importorskip("docx")
    made, file = docx.Document(), io.BytesIO()
    for line in ("La digue sera relevée", SAID, MORE):
        made.add_paragraph(line)
    made.save(file)
    article = read(file.getvalue(), "a.docx", Metadata()).article
    assert article.title == "La digue sera relevée"
    assert article.reader == "docx/1"
    assert any("deux mètres" in article.text[q.start : q.end] for q in extract_quotes(article))
    with pytest.raises(UnreadableFileError, match="no sound PDF"):
        read(b"%PDF-1.4\nbroken", "a.pdf", Metadata())
    with pytest.raises(UnreadableFileError, match="no sound Word file"):
        read(b"PK\x03\x04[Content_Types].xml word/ broken", "a.docx", Metadata())


@pytest.mark.parametrize(
    ("front", "field", "value"),
    [
        ("date: 12 mars 2024", "published", date(2024, 3, 12)),
        ("date: March 12, 2024", "published", date(2024, 3, 12)),
        ("source: Le Courrier", "publisher", "Le Courrier"),
        ("source: https://a.example/1", "url", "https://a.example/1"),
        ("published: 2024-03-12T08:00:00Z", "published", date(2024, 3, 12)),
    ],
)
def test_front_matter_by_other_names(front: str, field: str, value: object) -> None:
    assert (
        getattr(
            read(f"---\n{front}\n---\nTitre\n\n{SAID}".encode(), "a.md", Metadata()).article, field
        )
        == value
    )


def test_an_unknown_field_is_named() -> None:
    notes = read(f"---\ntitel: La digue\n---\nTitre\n\n{SAID}".encode(), "a.md", Metadata()).notes
    assert notes == (
        "'titel' in its front matter is no field (known: title, publisher, author, published, url, "
        "language)",
    )


@pytest.mark.parametrize(
    "data", [b"<html></html>", b"<!doctype html>", b"<p>", page("<nav>x</nav>")]
)
def test_a_page_without_an_article_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(UnreadableFileError, match="no article was found") as caught:
        of(data)
    assert "\n" not in str(caught.value)


def test_the_benchs_pages_are_read_rightly() -> None:
    from ingest_pages import pages

    made = list(pages())
    assert len(made) >= 50
    for one in made[::5]:
        article = read(one.html.encode(), one.name, Metadata()).article
        assert article.title == one.title
        assert [article.text[slice(*span)] for span in article.body] == [
            " ".join(p.split(" ")) for p in one.paragraphs
        ], one.name


def test_nothing_of_a_page_makes_it_raise() -> None:
    from hypothesis import given, settings
    from hypothesis import strategies as st

    pieces = st.sampled_from(
        (
            "<p>",
            "</p>",
            "<a href='x'>",
            "</a>",
            "<article>",
            "</div>",
            "<div class='share'>",
            "« oui »",
            "\0",
            "é",
            "<script>",
            "<!--",
            "]]>",
            SAID,
        )
    )

    @settings(max_examples=60, deadline=None)
    @given(st.lists(pieces, max_size=30))
    def any_page(parts: list[str]) -> None:
        try:
            of(("<html><body>" + "".join(parts)).encode())
        except UnreadableFileError as error:
            assert "page.html" in str(error)

    any_page()


def test_a_folder_is_read_by_what_its_files_hold(tmp_path: Path) -> None:
    from bot.services.sources import expand

    for name in ("a.txt", "b.html", "c.md", "d.png", "e.json", "sub/f.pdf", "sub/g.jsonl"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x", "utf-8")
    found = [
        Path(name).name
        for name in expand([str(tmp_path), str(tmp_path / "*.md"), "https://a.example/x", "-"])
    ]
    assert found == [
        "a.txt",
        "b.html",
        "c.md",
        "f.pdf",
        "g.jsonl",
        "https://a.example/x".rpartition("/")[2],
        "-",
    ]


# ---- what a new user's pages showed
@pytest.mark.parametrize(
    "glued",
    [
        '(Lire aussi : <a href="/x">« Tout est perdu », dit Max Faux</a>.)',
        '<a href="/x">Lire aussi : « Tout est perdu », accuse Paul Faux</a>',
        '<strong><a href="/x">Notre dossier : « Tout est perdu », selon Max Faux</a></strong>',
    ],
)
def test_teasers_in_brackets_and_inside_links_go_and_what_stands_beside_stays(glued: str) -> None:
    article = f"<article><h1>La digue</h1><p>{SAID}</p><p>{glued} {LAST}</p><p>{MORE}</p></article>"
    found = said(page(article))
    assert not any("perdu" in text for text in found)
    assert any("pieds dans l" in text for text in found)


def test_reviews_and_articles_that_are_comments_are_cut() -> None:
    comments = (
        '<div class="user-reviews"><h2>Vos réactions</h2><p>« Bravo à vous tous », dit Com '
        "Trois.</p></div>"
    )
    comments += (
        '<article class="comment"><p>« Bravo les amis de la digue », dit Toto.</p></article>'
    )
    main = (
        f"<main><article><h1>La digue</h1><p>{SAID}</p><p>{MORE}</p><p>{LAST}</p></article></main>"
    )
    assert not any("Bravo" in text for text in said(page(main + comments)))


def test_western_bytes_are_western_letters() -> None:
    text = "L’œuvre coûte cher, a dit Léon Vrai. Où sont passés les élèves ? Noël à l’hôtel. " * 4
    found = decode(text.encode("cp1252"))
    assert found
    assert found[0] == text


def test_soft_hyphens_of_a_page_are_no_letters_and_q_has_its_marks() -> None:
    body = (
        f"<article><h1>La digue</h1><p>{SAID.replace('relevée', 'rele&shy;vée')}</p><p>Elle a "
        f"dit <q>nous tiendrons bon ici</q>, selon Ana Roy.</p><p>{MORE}</p></article>"
    )
    text = of(page(body)).article.text
    assert "relevée de deux" in text
    assert "« nous tiendrons bon ici »" in text


def test_markdown_headings_and_code() -> None:
    code = "```\n« code cité ici », a dit Max Code.\n```"
    made = read(
        f"# La digue\n\n{SAID}\n\n{code}\n\n## Suite\n\n{LAST}".encode(),
        "a.md",
        Metadata(),
    ).article
    assert made.title == "La digue"
    assert not any("code" in made.text[q.start : q.end] for q in extract_quotes(made))
    assert [made.text[slice(*span)] for span in made.body] == [SAID, "Suite", LAST]


def test_json_ld_tells_the_address() -> None:
    assert (
        of(page(head=json_ld(url="https://courrier.example/digue"))).article.url
        == "https://courrier.example/digue"
    )


def test_junk_nested_and_beside_is_measured_once_and_the_frame_stays() -> None:
    deep = "<div class='ads'>" * 150 + "<p>Achetez.</p>" + "</div>" * 150
    wide = "<div class='ads'><p>Achetez.</p></div>" * 30
    body = (
        f"<div class='encadre'><h1>La digue</h1><p>{SAID}</p><p>{MORE}</p><p>{LAST}</p>"
        f"{deep}</div>{wide}"
    )
    found = said(page(body))
    assert any("deux mètres" in text for text in found)
    assert any("pieds dans l" in text for text in found)
    assert "Achetez" not in read(page(body), "a", Metadata()).article.text


@pytest.mark.parametrize(
    "node", ["<!-- une note -->", "<?php echo 1 ?>", "<!--[if IE]>x<![endif]-->"]
)
def test_comments_and_instructions_anywhere_change_nothing(node: str) -> None:
    """A comment before a link made 11 pages in 100 unreadable."""
    plain = (
        f'<article><h1>La digue sera relevée</h1><p>{SAID} <a href="/x">ici</a></p><p>{MORE}</p>'
    )
    parts = plain.split("<")
    for at in range(1, len(parts)):
        noted = "<".join(parts[:at]) + node + "<" + "<".join(parts[at:])
        assert of(page(noted)).article.text == of(page(plain)).article.text


@pytest.mark.parametrize(
    ("body", "day"),
    [
        ('<p class="date">Publié le 18 sept. 2018</p>', "2018-09-18"),
        ('<p class="date">18 septembre 2018</p>', "2018-09-18"),
        ("<p>18 septembre 2018</p>", None),
        ('<aside><a href="/x">Autre</a><time datetime="2026-01-02">2 janvier</time></aside>', None),
        (
            '<p>Il parlera le <time datetime="2026-05-02">2 mai</time> à la salle des fêtes.</p>',
            None,
        ),
    ],
)
def test_the_day_that_a_page_shows(body: str, day: str | None) -> None:
    shown = f"<article><h1>La digue sera relevée</h1>{body}<p>{SAID}</p><p>{MORE}</p></article>"
    published = of(page(shown)).article.published
    assert (published.isoformat() if published else None) == day


def test_the_day_in_an_address_comes_last() -> None:
    published = of(page(), "https://example.org/2024/03/12/digue").article.published
    assert published == date(2024, 3, 12)


@pytest.mark.parametrize(
    ("inside", "speaker"),
    [
        (
            "<blockquote><p>La digue tiendra cet hiver.</p><cite>Jeanne Aubry, préfète</cite>"
            "</blockquote>",
            "Jeanne Aubry",
        ),
        (
            "<blockquote>« La digue tiendra cet hiver. »<footer>— Jeanne Aubry</footer>"
            "</blockquote>",
            "Jeanne Aubry",
        ),
        (
            "<p>Jeanne Aubry, la préfète, écrit :</p><blockquote><p>La digue tiendra cet hiver."
            "</p></blockquote>",
            "Jeanne Aubry",
        ),
        ("<p>« La digue tiendra cet hiver. »,<br>a dit Jeanne Aubry.</p>", "Jeanne Aubry"),
        ("<div>« La digue tiendra cet hiver. », a dit Jeanne Aubry.</div>", "Jeanne Aubry"),
    ],
)
def test_quotations_that_tags_set(inside: str, speaker: str) -> None:
    article = of(
        page(f"<article><h1>La crue</h1><p>{MORE}</p>{inside}<p>{MORE}</p></article>")
    ).article
    found = {
        article.text[q.start : q.end]: q.speaker.name if q.speaker else None
        for q in extract_quotes(article)
        if q.kind != "indirect"
    }
    assert found == {"La digue tiendra cet hiver.": speaker}


def test_a_copy_for_narrow_screens_is_none() -> None:
    wide = f'<div class="wide"><p>{MORE}</p><p>{SAID}</p></div>'
    copy = f'<div class="narrow"><p>{MORE}</p><p>{SAID}</p></div>'
    text = of(page(f"<article><h1>La crue</h1>{wide}{copy}<p>{LAST}</p></article>")).article.text
    assert text.count(SAID) == 1
    assert LAST in text
