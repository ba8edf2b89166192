"""Placing and listing orders."""

from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models import Product


def stock_of(session: Session, sku: str) -> int:
    """Return what is on the shelf."""
    session.expire_all()
    return session.scalars(select(Product.stock).where(Product.sku == sku)).one()


def test_an_order_takes_stock_and_adds_up(client: TestClient, session: Session) -> None:
    """The total is the sum of the lines and the shelf is emptier."""
    body = {"lines": [{"sku": "MUG-1", "quantity": 2}, {"sku": "TEA-1", "quantity": 1}]}
    response = client.post("/orders", json=body)
    assert response.status_code == 201
    assert response.json()["total_cents"] == 3299
    assert stock_of(session, "MUG-1") == 8


def test_an_order_over_stock_takes_nothing(client: TestClient, session: Session) -> None:
    """A refused order leaves every shelf as it was."""
    body = {"lines": [{"sku": "MUG-1", "quantity": 2}, {"sku": "TEA-1", "quantity": 9}]}
    assert client.post("/orders", json=body).status_code == 409
    assert stock_of(session, "MUG-1") == 10


def test_a_stranger_is_refused(client: TestClient) -> None:
    """No token, no orders."""
    assert client.get("/orders", headers={"Authorization": "Bearer other"}).status_code == 401
