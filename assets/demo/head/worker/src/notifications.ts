/** Tells customers where their parcels are and what they have paid. */

import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

/** A parcel on its way, as the warehouse describes it. */
export interface Shipment {
  /** The warehouse's own number, unique for ever. */
  id: string;
  orderId: number;
  /** Where the customer reads mail. */
  email: string;
  carrier: string;
  /** A page of the carrier that needs no account. */
  trackingUrl: string;
}

/** A payment that has reached us. */
export interface Receipt {
  orderId: number;
  email: string;
  phone?: string;
  amount: string;
}

/** A template of the mail API and what goes into its gaps. */
interface Message {
  template: string;
  to: string;
  values: Record<string, string | number>;
}

const MAIL_API_URL = process.env.MAIL_API_URL ?? "http://localhost:8025/messages";
const TEXT_API_URL = process.env.TEXT_API_URL ?? "http://localhost:8026/messages";
const TIMEOUT_MS = 5_000;
const MAX_ATTEMPTS = 4;
const RECEIPT_CHANNELS = ["email", "phone"] as const;

/** Hands one message to an API; throws when it is refused or the attempts are used up. */
async function deliver(message: Message, url = MAIL_API_URL): Promise<void> {
  const body = JSON.stringify(message);
  const key = createHash("sha256").update(body).digest("hex");
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": key },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.ok) {
      return;
    }
    const transient = response.status === 429 || response.status >= 500;
    if (!transient || attempt === MAX_ATTEMPTS) {
      throw new Error(`${url} answered ${response.status} after ${attempt} attempts`);
    }
    const ceiling = 250 * 2 ** attempt;
    await pause(ceiling / 2 + Math.random() * (ceiling / 2));
  }
}

/** Tells a customer that a parcel has left. */
export async function sendShipped(shipment: Shipment): Promise<void> {
  await deliver({
    template: "order-shipped",
    to: shipment.email,
    values: {
      order: shipment.orderId,
      carrier: shipment.carrier,
      tracking: shipment.trackingUrl,
    },
  });
}

/** Tells a customer that a parcel will come later than promised. */
export async function sendDelayed(shipment: Shipment, days: number): Promise<void> {
  await deliver({
    template: "order-delayed",
    to: shipment.email,
    values: {
      order: shipment.orderId,
      carrier: shipment.carrier,
      days,
    },
  });
}

/** Tells a customer that a parcel has arrived. */
export async function sendDelivered(shipment: Shipment): Promise<void> {
  await deliver({
    template: "order-delivered",
    to: shipment.email,
    values: {
      order: shipment.orderId,
      carrier: shipment.carrier,
    },
  });
}

/** Tells a customer that a parcel waits at a shop near them, and until when. */
export async function sendReadyForPickup(shipment: Shipment, place: string, until: string): Promise<void> {
  await deliver({
    template: "order-ready-for-pickup",
    to: shipment.email,
    values: {
      order: shipment.orderId,
      carrier: shipment.carrier,
      place,
      until,
    },
  });
}

/** Tells a customer that a parcel could not be handed over and goes back. */
export async function sendReturned(shipment: Shipment, cause: string): Promise<void> {
  await deliver({
    template: "order-returned",
    to: shipment.email,
    values: {
      order: shipment.orderId,
      carrier: shipment.carrier,
      cause,
    },
  });
}

/** Sends the receipt of a payment by every channel the customer has given. */
export async function sendReceipt(receipt: Receipt): Promise<void> {
  for (const channel of RECEIPT_CHANNELS) {
    const to = receipt[channel];
    if (to === undefined) {
      continue;
    }
    const values = { order: receipt.orderId, amount: receipt.amount };
    const url = channel === "email" ? MAIL_API_URL : TEXT_API_URL;
    await deliver({ template: "order-receipt", to, values }, url);
  }
}
