"""Order endpoints: place an order, list one's own."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query
from pydantic import BaseModel, Field
from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from shop.auth import current_customer
from shop.db import get_session
from shop.mailer import send_confirmation
from shop.models import Customer, Order, OrderLine, Product

router = APIRouter(prefix="/orders", tags=["orders"])

DbSession = Annotated[Session, Depends(get_session)]
CurrentCustomer = Annotated[Customer, Depends(current_customer)]


class LineIn(BaseModel):
    """One product to order."""

    sku: str = Field(max_length=40)
    quantity: int = Field(gt=0, le=100)


class OrderIn(BaseModel):
    """A new order."""

    lines: list[LineIn] = Field(min_length=1, max_length=50)


class OrderOut(BaseModel):
    """An order as its customer sees it."""

    id: int
    status: str
    total_cents: int
    created_at: datetime
    products: list[int]


def _out(order: Order) -> OrderOut:
    return OrderOut(
        id=order.id,
        status=order.status,
        total_cents=order.total_cents,
        created_at=order.created_at,
        products=[line.product_id for line in order.lines],
    )


def _take_stock(session: Session, lines: list[LineIn]) -> list[OrderLine]:
    """Take every line from stock, or refuse the whole order."""
    skus = [line.sku for line in lines]
    products = {p.sku: p for p in session.scalars(select(Product).where(Product.sku.in_(skus)))}
    taken: list[OrderLine] = []
    for line in lines:
        product = products.get(line.sku)
        if product is None:
            raise HTTPException(404, f"No product {line.sku}")
        result = session.execute(
            update(Product)
            .where(Product.id == product.id, Product.stock >= line.quantity)
            .values(stock=Product.stock - line.quantity)
        )
        if result.rowcount != 1:
            raise HTTPException(409, f"Not enough of {line.sku}")
        taken.append(
            OrderLine(
                product_id=product.id,
                quantity=line.quantity,
                unit_price_cents=product.price_cents,
            )
        )
    return taken


@router.post("", status_code=201)
def place_order(body: OrderIn, customer: CurrentCustomer, session: DbSession) -> OrderOut:
    """Place an order and confirm it by mail."""
    lines = _take_stock(session, body.lines)
    order = Order(
        customer_id=customer.id,
        total_cents=sum(line.quantity * line.unit_price_cents for line in lines),
        lines=lines,
    )
    session.add(order)
    session.commit()
    session.refresh(order)
    send_confirmation(customer, order)
    return _out(order)


@router.get("")
def list_orders(
    customer: CurrentCustomer,
    session: DbSession,
    before: int | None = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> list[OrderOut]:
    """Return the caller's orders, newest first."""
    query = (
        select(Order)
        .where(Order.customer_id == customer.id)
        .options(selectinload(Order.lines))
        .order_by(Order.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Order.id < before)
    return [_out(order) for order in session.scalars(query)]
