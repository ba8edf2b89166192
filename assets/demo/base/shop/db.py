"""The database engine and one session per request."""

from collections.abc import Iterator

from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import StaticPool

from shop.config import get_settings


def _engine():
    url = get_settings().database_url
    if url == "sqlite://":
        return create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    return create_engine(url, pool_size=10, pool_pre_ping=True)


engine = _engine()
SessionLocal = sessionmaker(engine, expire_on_commit=False)


def get_session() -> Iterator[Session]:
    """Yield the session of a request; what is not committed is rolled back."""
    with SessionLocal() as session:
        yield session
