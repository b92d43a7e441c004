import { request, type Agent } from 'node:http';

const TIMEOUT_MS = 10_000;

/** What a hook says of an event that it took. */
export interface Acceptance {
  readonly eventId: string;
  readonly runId: string;
  readonly duplicate?: boolean;
}

/** Sends an event once. Resolves to the 202 that was read to its end; to null for anything else. */
export function postEvent(url: string, event: object, agent: Agent): Promise<Acceptance | null> {
  const body = JSON.stringify(event);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((done) => {
    const sending = request(url, { method: 'POST', agent, headers, timeout: TIMEOUT_MS }, (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk));
      reply.on('error', () => done(null));
      reply.on('end', () => {
        const isAccepted = reply.complete && reply.statusCode === 202;
        done(isAccepted ? (JSON.parse(Buffer.concat(chunks).toString()) as Acceptance) : null);
      });
    });
    sending.on('timeout', () => sending.destroy());
    sending.on('error', () => done(null));
    sending.end(body);
  });
}
