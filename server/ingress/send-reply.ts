import type { IncomingMessage, ServerResponse } from 'node:http';

import type { HandshakeReply } from '#connectors/trigger-contract.ts';
import type { Refusal } from '#server/ingress/refusal.ts';
import { takeTurn } from '#server/ingress/turns.ts';

/** How much of an unread body is read and dropped so that the connection can be used again. */
const MAX_SKIPPED_BYTES = 65_536;
/** How long a sender may go on sending after its refusal, and for how long it may pause meanwhile. */
const LINGER = { mostMs: 15_000, pauseMs: 2_000 } as const;

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

/** Answers a sender that asks whether this is the right address, or what it expects to hear. */
export function sendHandshake(response: ServerResponse, { status, body }: HandshakeReply): void {
  if (typeof body !== 'string') return sendJson(response, status, body);
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(body);
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

/** Lets what the sender still sends flow away, as much as may be. */
async function drained(request: IncomingMessage): Promise<void> {
  const turn = await takeTurn(request, 'dropped');
  if (!turn) return;
  await new Promise<void>((resolve) => {
    const stop = () => {
      clearTimeout(last);
      clearTimeout(pause);
      resolve();
    };
    const last = setTimeout(stop, LINGER.mostMs);
    const pause = setTimeout(stop, LINGER.pauseMs);
    request.on('data', (piece: Buffer) => {
      pause.refresh();
      turn.flow(piece);
    });
    request.once('end', stop).once('close', stop).once('error', stop);
    request.resume();
  });
  turn.end();
}
