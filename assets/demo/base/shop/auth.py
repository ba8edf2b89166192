"""Who is calling."""

import hashlib
from typing import Annotated

from fastapi import Depends, Header, HTTPException
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.db import get_session
from shop.models import AccessToken, Customer


def current_customer(
    session: Annotated[Session, Depends(get_session)],
    authorization: Annotated[str, Header()] = "",
) -> Customer:
    """Return the customer of a live bearer token, or refuse the request."""
    scheme, _, token = authorization.partition(" ")
    digest = hashlib.sha256(token.encode()).hexdigest()
    customer = session.scalar(
        select(Customer)
        .join(AccessToken, AccessToken.customer_id == Customer.id)
        .where(AccessToken.digest == digest, AccessToken.expires_at > func.now())
    )
    if scheme != "Bearer" or customer is None:
        raise HTTPException(401, "Sign in first")
    return customer


def require_staff(customer: Annotated[Customer, Depends(current_customer)]) -> Customer:
    """Return the caller if they work here."""
    if not customer.is_staff:
        raise HTTPException(403, "Staff only")
    return customer
