/** Tells customers where their parcels are, through the mail API. */

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

/** A template of the mail API and what goes into its gaps. */
interface Message {
  template: string;
  to: string;
  values: Record<string, string | number>;
}

const MAIL_API_URL = process.env.MAIL_API_URL ?? "http://localhost:8025/messages";
const TIMEOUT_MS = 5_000;

/** Hands one message to the mail API; throws when it is refused. */
async function deliver(message: Message): Promise<void> {
  const response = await fetch(MAIL_API_URL, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(message),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) {
    throw new Error(`mail API answered ${response.status}`);
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
