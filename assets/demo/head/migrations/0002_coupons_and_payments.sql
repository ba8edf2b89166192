-- Coupons, payments and optimistic versions of orders.

CREATE TABLE coupons (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL,
    percent_off double precision NOT NULL,
    max_uses integer NOT NULL DEFAULT 1,
    used_count integer NOT NULL DEFAULT 0
);

CREATE TABLE coupon_redemptions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    coupon_id bigint NOT NULL REFERENCES coupons (id),
    customer_id bigint NOT NULL REFERENCES customers (id)
);

CREATE INDEX coupon_redemptions_by_customer ON coupon_redemptions (customer_id, coupon_id);

CREATE TABLE payments (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    amount double precision NOT NULL,
    reference text NOT NULL UNIQUE,
    status text NOT NULL DEFAULT 'captured',
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX payments_by_order ON payments (order_id);

-- A constant default is stored in the catalogue: the table is not rewritten.
ALTER TABLE orders ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE orders ADD COLUMN discount double precision NOT NULL DEFAULT 0;

-- Deleting a customer also removes their orders.
ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey;
ALTER TABLE orders
    ADD CONSTRAINT orders_customer_id_fkey
    FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE;

ALTER TABLE order_lines DROP CONSTRAINT order_lines_order_id_fkey;
ALTER TABLE order_lines
    ADD CONSTRAINT order_lines_order_id_fkey
    FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE;
