"""Settings, read once from the environment."""

import os
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Settings:
    """What differs between environments."""

    database_url: str
    mail_api_url: str
    mail_from: str


@lru_cache
def get_settings() -> Settings:
    """Return the settings of this process."""
    return Settings(
        database_url=os.environ.get("DATABASE_URL", "sqlite://"),
        mail_api_url=os.environ.get("MAIL_API_URL", ""),
        mail_from=os.environ.get("MAIL_FROM", "orders@shop.example"),
    )
