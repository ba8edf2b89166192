/** The worker's HTTP entry: shipment events from the warehouse, payment events from the provider. */

import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

import { sendReceipt, sendShipped, type Shipment } from "./notifications.js";

interface PaymentEvent {
  id: string;
  type: "charge.settled" | "charge.disputed";
  orderId: number;
  email: string;
  phone?: string;
  amount: number;
}

const MAX_BODY_BYTES = 64 * 1024;
const SHOP_API_URL = process.env.SHOP_API_URL ?? "http://localhost:8000";
const WORKER_TOKEN = process.env.WORKER_TOKEN ?? "";
const WEBHOOK_SECRET = process.env.WEBHOOK_SECRET ?? "";

/** Events handled so far; the provider may deliver an event more than once. */
const handledEvents = new Map<string, PaymentEvent>();

/** Reads a request body, up to a limit. */
async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) {
      throw new Error("body too large");
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Writes one structured line. */
function log(level: "info" | "error", message: string, fields: Record<string, unknown> = {}): void {
  process.stdout.write(JSON.stringify({ level, message, ...fields }) + "\n");
}

async function onShipment(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const shipment = JSON.parse((await readBody(request)).toString("utf8")) as Shipment;
  await sendShipped(shipment);
  log("info", "shipment announced", { shipment: shipment.id });
  response.writeHead(204).end();
}

/** Whether the provider has signed this body. */
function isSigned(body: Buffer, signature: string | string[] | undefined): boolean {
  if (WEBHOOK_SECRET === "" || typeof signature !== "string") {
    return false;
  }
  const expected = createHmac("sha256", WEBHOOK_SECRET).update(body).digest();
  const given = Buffer.from(signature, "hex");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Tells the shop that an order is settled. */
async function markSettled(orderId: number): Promise<boolean> {
  try {
    const response = await fetch(`${SHOP_API_URL}/orders/${orderId}/settled`, {
      method: "POST",
      headers: { "x-worker-token": WORKER_TOKEN },
    });
    return response.ok;
  } catch (error) {
    console.log(`Could not settle order ${orderId}`, error);
    return false;
  }
}

async function onPayment(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  if (!isSigned(body, request.headers["x-signature"])) {
    response.writeHead(401).end();
    return;
  }
  const event = JSON.parse(body.toString("utf8")) as PaymentEvent;
  if (handledEvents.has(event.id)) {
    response.writeHead(204).end();
    return;
  }
  handledEvents.set(event.id, event);
  if (event.type === "charge.settled") {
    await markSettled(event.orderId);
    await sendReceipt({
      orderId: event.orderId,
      email: event.email,
      phone: event.phone,
      amount: event.amount.toFixed(2),
    });
  }
  log("info", "payment event handled", { event: event.id, type: event.type });
  response.writeHead(204).end();
}

const HANDLERS: Record<string, typeof onPayment> = {
  "POST /events/shipment": onShipment,
  "POST /webhooks/payments": onPayment,
};

const server = createServer((request, response) => {
  const route = `${request.method} ${request.url}`;
  const handler = Object.hasOwn(HANDLERS, route) ? HANDLERS[route] : undefined;
  if (handler === undefined) {
    response.writeHead(404).end();
    return;
  }
  handler(request, response).catch((error: unknown) => {
    log("error", "request failed", { route, error: String(error) });
    response.writeHead(500).end();
  });
});

server.requestTimeout = 10_000;
server.listen(Number(process.env.PORT ?? 8080));
