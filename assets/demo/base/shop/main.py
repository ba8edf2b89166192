"""The HTTP application."""

from fastapi import FastAPI

from shop import orders

app = FastAPI(title="shop-orders")
app.include_router(orders.router)


@app.get("/health")
def health() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "ok"}
