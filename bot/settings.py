"""Everything that the environment (or a .env file) decides, read once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def default_store() -> str:
    """TinyDB in the user's data folder."""
    from platformdirs import user_data_dir  # noqa: PLC0415 only where no store is named

    return f"tinydb:{Path(user_data_dir('verbatim')) / 'verbatim.json'}"


class Settings(BaseSettings):
    """The names of ``docs/deployment.md``, upper case in the environment."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", populate_by_name=True)

    telegram_token: SecretStr | None = None
    telegram_api_base: str = "https://api.telegram.org"
    store: str = Field(default_factory=default_store, validation_alias="VERBATIM_STORE")
    admins: Annotated[frozenset[int], NoDecode] = Field(default=frozenset(), validation_alias="VERBATIM_ADMINS")
    language: str | None = Field(default=None, validation_alias="VERBATIM_LANGUAGE")
    concurrent_updates: int = Field(default=16, ge=1, le=256, validation_alias="VERBATIM_CONCURRENT_UPDATES")

    @property
    def store_shown(self) -> str:
        """The store's address without its password."""
        head, at, tail = self.store.rpartition("@")
        return f"{head.partition('//')[0]}//…@{tail}" if at and "//" in head else self.store

    @field_validator("admins", mode="before")
    @classmethod
    def _ids(cls, value: object) -> object:
        return frozenset(int(part) for part in value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("telegram_api_base")
    @classmethod
    def _no_slash(cls, value: str) -> str:
        return value.rstrip("/")
