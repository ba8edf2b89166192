"""Tables of the order service."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, Float, ForeignKey, Integer, String, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

Key = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """Base of all tables."""


class Customer(Base):
    """Somebody who orders, or works here."""

    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    email: Mapped[str] = mapped_column(String, unique=True)
    is_staff: Mapped[bool] = mapped_column(default=False)


class AccessToken(Base):
    """A bearer token, kept as its SHA-256 digest."""

    __tablename__ = "access_tokens"

    digest: Mapped[str] = mapped_column(String, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Product(Base):
    """Something on the shelf."""

    __tablename__ = "products"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    sku: Mapped[str] = mapped_column(String, unique=True)
    name: Mapped[str] = mapped_column(String)
    price_cents: Mapped[int]
    stock: Mapped[int]


class Order(Base):
    """An order and its total."""

    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    status: Mapped[str] = mapped_column(String, default="pending")
    total_cents: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    discount: Mapped[float] = mapped_column(Float, default=0.0)
    version: Mapped[int] = mapped_column(default=1)
    lines: Mapped[list["OrderLine"]] = relationship(back_populates="order")


class OrderLine(Base):
    """One product in an order, at the price of that day."""

    __tablename__ = "order_lines"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    quantity: Mapped[int]
    unit_price_cents: Mapped[int]
    order: Mapped[Order] = relationship(back_populates="lines")


class Coupon(Base):
    """A code that takes a share off an order."""

    __tablename__ = "coupons"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    code: Mapped[str] = mapped_column(String)
    percent_off: Mapped[float] = mapped_column(Float)
    max_uses: Mapped[int]
    used_count: Mapped[int] = mapped_column(default=0)


class CouponRedemption(Base):
    """A coupon used by a customer."""

    __tablename__ = "coupon_redemptions"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    coupon_id: Mapped[int] = mapped_column(ForeignKey("coupons.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))


class Payment(Base):
    """Money received for an order."""

    __tablename__ = "payments"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    amount: Mapped[float] = mapped_column(Float)
    reference: Mapped[str] = mapped_column(String, unique=True)
    status: Mapped[str] = mapped_column(String, default="captured")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
