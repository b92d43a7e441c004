import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Refusal } from '#server/ingress/refusal.ts';

/** How much of an unread body is read and dropped so that the connection can be used again. */
const MAX_SKIPPED_BYTES = 65_536;
/** How long a sender may go on sending after its refusal. */
const LINGER_MS = 2_000;

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(text);
}

/** Sends a refusal. A 401 has no body. Whatever the sender still sends is dropped, then the connection is closed. */
export async function sendRefusal(
  request: IncomingMessage,
  response: ServerResponse,
  refusal: Refusal,
): Promise<void> {
  const text = refusal.status === 401 ? '' : problemText(refusal);
  const mustClose = !isSoonRead(request);
  response.writeHead(refusal.status, {
    ...(text === '' ? {} : { 'Content-Type': 'application/problem+json' }),
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(mustClose ? { Connection: 'close' } : {}),
    ...refusal.headers,
  });
  if (!mustClose) {
    response.end(text);
    return;
  }
  // Closing while the sender is still sending would reset the connection, and the reply might never be read.
  if (text === '') response.flushHeaders();
  else response.write(text);
  await drained(request);
  response.end();
}

function problemText({ status, title, detail, errors }: Refusal): string {
  return JSON.stringify({ type: 'about:blank', title, status, detail, ...(errors ? { errors } : {}) });
}

/** True when the request was read to its end, or has so little left that Node may drop it. */
function isSoonRead(request: IncomingMessage): boolean {
  if (request.complete || request.readableEnded) return true;
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
  return coding === undefined && Number(length ?? 0) <= MAX_SKIPPED_BYTES;
}

function drained(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(stop, LINGER_MS);
    request.once('end', stop).once('close', stop).once('error', stop);
    request.resume();
  });
}
