"""A fresh database, a customer and a client per test."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from shop.db import SessionLocal, engine
from shop.main import app
from shop.models import AccessToken, Base, Customer, Product


@pytest.fixture
def session() -> Iterator[Session]:
    """Return a session on empty tables with two products."""
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    with SessionLocal() as session:
        session.add_all(
            [
                Product(sku="MUG-1", name="Mug", price_cents=1250, stock=10),
                Product(sku="TEA-1", name="Tea", price_cents=799, stock=3),
            ]
        )
        session.commit()
        yield session


@pytest.fixture
def customer(session: Session) -> Customer:
    """Return a customer whose token is `token-1`."""
    customer = Customer(email="ada@example.com")
    session.add(customer)
    session.flush()
    session.add(
        AccessToken(
            digest=hashlib.sha256(b"token-1").hexdigest(),
            customer_id=customer.id,
            expires_at=datetime.now(timezone.utc) + timedelta(hours=1),
        )
    )
    session.commit()
    return customer


@pytest.fixture
def client(customer: Customer) -> TestClient:
    """Return a client signed in as the customer."""
    return TestClient(app, headers={"Authorization": "Bearer token-1"})
