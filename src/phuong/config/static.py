"""Addresses of static files: hashed, compressed, and worked out once."""

from functools import lru_cache

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class NamedOnce(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Remembers the address of each file: what is served does not change, and a page names some dozens."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Start with nothing remembered."""
        super().__init__(*args, **kwargs)
        self._address = lru_cache(maxsize=1000)(super().url)

    def url(self, name: str, force: bool = False) -> str:  # noqa: FBT001, FBT002 - as Django calls it
        """Give the address of a file.

        :raises ValueError: no such file was gathered
        """
        return str(super().url(name, force) if force else self._address(name))
