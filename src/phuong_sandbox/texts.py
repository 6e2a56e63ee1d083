"""Two languages of the sandbox's own pages: Vietnamese, and English with ``?lang=en``."""

from dataclasses import dataclass

LANGUAGES = ("vi", "en")


@dataclass(frozen=True)
class Text:
    """One text in both languages."""

    vi: str
    en: str

    def in_(self, language: str) -> str:
        """Give it in ``language``; Vietnamese when the language is unknown."""
        return self.en if language == "en" else self.vi
