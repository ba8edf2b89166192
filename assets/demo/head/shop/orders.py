"""Order endpoints: place, pay, read, cancel and export orders."""

import csv
import hmac
import io
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, HTTPException, Query, Response
from pydantic import BaseModel, Field
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from shop import payments
from shop.auth import current_customer, require_staff
from shop.config import get_settings
from shop.db import get_session
from shop.models import Coupon, CouponRedemption, Customer, Order, OrderLine, Product

router = APIRouter(prefix="/orders", tags=["orders"])

DbSession = Annotated[Session, Depends(get_session)]
CurrentCustomer = Annotated[Customer, Depends(current_customer)]
Staff = Annotated[Customer, Depends(require_staff)]

DASHBOARD_STATUSES = ("pending", "paid", "shipped")
DASHBOARD_COLUMNS = ("id", "customer_id", "total_cents", "created_at")
RECENT_ORDERS = text(
    f"SELECT {', '.join(DASHBOARD_COLUMNS)} FROM orders"
    " WHERE status = :status ORDER BY id DESC LIMIT :limit"
)


class LineIn(BaseModel):
    """One product to order."""

    sku: str = Field(max_length=40)
    quantity: int = Field(gt=0, le=100)


class OrderIn(BaseModel):
    """A new order."""

    lines: list[LineIn] = Field(min_length=1, max_length=50)
    coupon: str | None = Field(default=None, max_length=40)


class PaymentIn(BaseModel):
    """How an order is paid."""

    card_token: str = Field(max_length=200)


class CancelIn(BaseModel):
    """Which state of an order the customer saw when cancelling it."""

    version: int = Field(ge=1)


class LineOut(BaseModel):
    """One product of an order with its name."""

    product: str
    quantity: int
    unit_price_cents: int


class OrderOut(BaseModel):
    """An order as its customer sees it."""

    id: int
    status: str
    total_cents: int
    amount_due: float
    version: int
    created_at: datetime
    lines: list[LineOut]


def _out(session: Session, order: Order) -> OrderOut:
    lines = []
    for line in order.lines:
        product = session.scalars(select(Product).where(Product.id == line.product_id)).one()
        lines.append(
            LineOut(
                product=product.name,
                quantity=line.quantity,
                unit_price_cents=line.unit_price_cents,
            )
        )
    return OrderOut(
        id=order.id,
        status=order.status,
        total_cents=order.total_cents,
        amount_due=payments.amount_due(order),
        version=order.version,
        created_at=order.created_at,
        lines=lines,
    )


def _reserve_stock(session: Session, lines: list[LineIn]) -> list[OrderLine]:
    """Reserve every line, or refuse the whole order."""
    skus = [line.sku for line in lines]
    products = {p.sku: p for p in session.scalars(select(Product).where(Product.sku.in_(skus)))}
    reserved: list[OrderLine] = []
    for line in lines:
        product = products.get(line.sku)
        if product is None:
            raise HTTPException(404, f"No product {line.sku}")
        if product.stock < line.quantity:
            raise HTTPException(409, f"Not enough of {line.sku}")
        product.stock = product.stock - line.quantity
        reserved.append(
            OrderLine(
                product_id=product.id,
                quantity=line.quantity,
                unit_price_cents=product.price_cents,
            )
        )
    return reserved


def _redeem_coupon(session: Session, customer: Customer, code: str) -> float:
    """Redeem a coupon and return its discount in percent.

    A coupon can be used once per customer, and only as often as its limit allows.
    """
    coupon = session.scalar(select(Coupon).where(Coupon.code == code.strip().upper()))
    if coupon is None:
        raise HTTPException(404, "Unknown coupon")
    redeemed = session.scalar(
        select(CouponRedemption).where(
            CouponRedemption.coupon_id == coupon.id,
            CouponRedemption.customer_id == customer.id,
        )
    )
    if redeemed is not None:
        raise HTTPException(409, "Coupon already used")
    if coupon.used_count >= coupon.max_uses:
        raise HTTPException(409, "Coupon used up")
    coupon.used_count += 1
    session.add(CouponRedemption(coupon_id=coupon.id, customer_id=customer.id))
    return coupon.percent_off


@router.post("", status_code=201)
def place_order(body: OrderIn, customer: CurrentCustomer, session: DbSession) -> OrderOut:
    """Place an order; its confirmation is sent by the worker once it is paid."""
    lines = _reserve_stock(session, body.lines)
    discount = _redeem_coupon(session, customer, body.coupon) if body.coupon else 0.0
    order = Order(
        customer_id=customer.id,
        total_cents=sum(line.quantity * line.unit_price_cents for line in lines),
        discount=discount,
        lines=lines,
    )
    session.add(order)
    session.commit()
    session.refresh(order)
    return _out(session, order)


@router.get("")
def list_orders(
    customer: CurrentCustomer,
    session: DbSession,
    before: int | None = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> list[OrderOut]:
    """Return the caller's orders with product names, newest first."""
    query = (
        select(Order)
        .where(Order.customer_id == customer.id)
        .order_by(Order.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Order.id < before)
    return [_out(session, order) for order in session.scalars(query)]


@router.get("/dashboard")
def dashboard(_staff: Staff, session: DbSession) -> dict[str, list[dict[str, Any]]]:
    """Return the five newest orders of each status that staff watch."""
    recent = {}
    for status in DASHBOARD_STATUSES:
        rows = session.execute(RECENT_ORDERS, {"status": status, "limit": 5})
        recent[status] = [dict(row) for row in rows.mappings()]
    return recent


@router.get("/export")
def export_orders(_staff: Staff, session: DbSession) -> Response:
    """Return all orders as CSV for the accounting department."""
    orders = session.scalars(select(Order).order_by(Order.id)).all()
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["order", "customer", "status", "amount", "created"])
    for order in orders:
        amount = payments.amount_due(order)
        writer.writerow(
            [order.id, order.customer_id, order.status, amount, order.created_at.isoformat()]
        )
    return Response(buffer.getvalue(), media_type="text/csv")


@router.get("/{order_id}")
def read_order(order_id: int, _customer: CurrentCustomer, session: DbSession) -> OrderOut:
    """Return one order with its lines."""
    order = session.get(Order, order_id)
    if order is None:
        raise HTTPException(404, "No such order")
    return _out(session, order)


@router.post("/{order_id}/pay")
def pay_order(
    order_id: int, body: PaymentIn, customer: CurrentCustomer, session: DbSession
) -> OrderOut:
    """Charge the customer's card and mark the order as paid."""
    order = session.scalar(
        select(Order).where(Order.id == order_id, Order.customer_id == customer.id)
    )
    if order is None:
        raise HTTPException(404, "No such order")
    if order.status != "pending":
        raise HTTPException(409, f"Order is {order.status}")
    amount = payments.amount_due(order)
    try:
        reference = payments.charge(order, amount, body.card_token)
    except payments.PaymentError as error:
        raise HTTPException(502, "Payment failed") from error
    payments.record_payment(session, order, amount, reference)
    order.status = "paid"
    order.version += 1
    session.commit()
    return _out(session, order)


@router.post("/{order_id}/cancel")
def cancel_order(
    order_id: int, body: CancelIn, customer: CurrentCustomer, session: DbSession
) -> OrderOut:
    """Cancel the caller's order unless it has changed since they last saw it."""
    changed = session.execute(
        update(Order)
        .where(
            Order.id == order_id,
            Order.customer_id == customer.id,
            Order.version == body.version,
            Order.status.in_(("pending", "paid")),
        )
        .values(status="cancelled", version=Order.version + 1)
    )
    if changed.rowcount != 1:
        raise HTTPException(409, "The order has changed, reload it")
    order = session.get_one(Order, order_id)
    payments.refund(session, order)
    session.commit()
    return _out(session, order)


@router.post("/{order_id}/settled", status_code=204)
def settle_order(
    order_id: int, session: DbSession, x_worker_token: Annotated[str, Header()] = ""
) -> None:
    """Record that the provider has paid an order out; called by the worker, safe to repeat."""
    expected = get_settings().worker_token
    if not expected or not hmac.compare_digest(x_worker_token.encode(), expected.encode()):
        raise HTTPException(403, "Worker only")
    session.execute(
        update(Order)
        .where(Order.id == order_id, Order.status == "paid")
        .values(status="settled", version=Order.version + 1)
    )
    session.commit()
