/** The worker's HTTP entry: shipment events from the warehouse. */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

import { sendShipped, type Shipment } from "./notify.js";

const MAX_BODY_BYTES = 64 * 1024;

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

const server = createServer((request, response) => {
  const route = `${request.method} ${request.url}`;
  const handler = route === "POST /events/shipment" ? onShipment : undefined;
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
