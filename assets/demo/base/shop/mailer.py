"""Order confirmations by the mail API."""

import logging

import requests

from shop.config import get_settings
from shop.models import Customer, Order

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 5


def send_confirmation(customer: Customer, order: Order) -> None:
    """Send the confirmation of an order; a refusal is logged and never stops the order."""
    settings = get_settings()
    if not settings.mail_api_url:
        return
    message = {
        "from": settings.mail_from,
        "to": customer.email,
        "template": "order-confirmation",
        "values": {"order": order.id, "total_cents": order.total_cents},
    }
    try:
        response = requests.post(settings.mail_api_url, json=message, timeout=TIMEOUT_SECONDS)
        response.raise_for_status()
    except requests.RequestException:
        logger.exception("confirmation not sent", extra={"order_id": order.id})
