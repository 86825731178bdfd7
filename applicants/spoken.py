"""What can be read aloud from a recording: the notices, and the question of each page of the application."""

import hashlib
from dataclasses import dataclass

from applicants import notices, pages


@dataclass(frozen=True)
class Spoken:
    """A text by its name in the administrator's list, with its words as they read today."""

    title: str
    words: str

    @property
    def fingerprint(self) -> str:
        """Tells whether a recording still says what stands on the page."""
        return hashlib.sha256(self.words.encode()).hexdigest()


def key_of(slug: str) -> str:
    """The key of a page of the application."""
    return f"page-{slug}"


TEXTS = {
    **{one.key: Spoken(one.title, one.text) for one in (notices.APPLY, notices.PRIVACY)},
    **{
        key_of(page.slug): Spoken(f"第{pages.number(page.slug)}步 {page.title}", "\n".join((page.title, page.hint)))
        for page in pages.PAGES
    },
}


def title_of(key: str) -> str:
    """What a recording reads, in the administrator's words; a text that is gone by its key."""
    return TEXTS[key].title if key in TEXTS else key


CHOICES = [(key, text.title) for key, text in TEXTS.items()]
