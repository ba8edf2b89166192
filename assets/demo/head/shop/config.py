"""Settings, read once from the environment."""

import os
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Settings:
    """What differs between environments."""

    database_url: str
    payments_url: str
    payments_key: str
    worker_token: str


@lru_cache
def get_settings() -> Settings:
    """Return the settings of this process."""
    return Settings(
        database_url=os.environ.get("DATABASE_URL", "sqlite://"),
        payments_url=os.environ.get("PAYMENTS_URL", "https://api.payments.example/v1"),
        payments_key=os.environ.get("PAYMENTS_KEY", "pay_live_7Qm2xV9tB4kLr8ZsWn3cYd6H"),
        worker_token=os.environ.get("WORKER_TOKEN", ""),
    )
