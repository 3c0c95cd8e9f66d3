"""Is everything sound: each quote a slice of its article, each text what was read, the index like
the store?
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.ports import Store
from bot.search.index import Index
from bot.services.transfer import problems


@dataclass(slots=True)
class Checkup:
    """What was looked at, and what does not hold."""

    articles: int = 0
    quotes: int = 0
    versions: int = 0
    problems: list[str] = field(default_factory=list)


def check(store: Store, index: Index) -> Checkup:
    """Look at every article, earlier version and quote, and at the index."""
    report = Checkup()
    holders: dict[str, str] = {}
    wanted: set[tuple[str, str, int, int]] = set()
    for change in store.changes():
        report.problems += [change.fault] if change.fault else []
        article, quotes = change.article, change.quotes
        if article is None:
            continue
        report.articles += 1
        report.quotes += len(quotes)
        report.problems += problems(article, quotes)
        for version in store.versions(article.id):
            report.versions += 1
            report.problems += [f"earlier version of {found}" for found in problems(version, ())]
        for quote in quotes:
            if holders.setdefault(quote.id, article.id) != article.id:
                report.problems.append(
                    f"quote {quote.id} stands in two articles: {holders[quote.id]} and {article.id}"
                )
            if quote.article_id != article.id:
                report.problems.append(
                    f"quote {quote.id} says it is of article {quote.article_id}, not {article.id}"
                )
            wanted.add((quote.id, article.id, quote.start, quote.end))
    held = {(entry.quote_id, entry.article_id, entry.start, entry.end) for entry in index.entries()}
    for missing in sorted(wanted - held):
        report.problems.append(
            f"quote {missing[0]} of article {missing[1]} is missing from the index"
        )
    for extra in sorted(held - wanted):
        report.problems.append(
            f"the index holds quote {extra[0]} of article {extra[1]}, the store does not"
        )
    return report
