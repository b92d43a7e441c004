import { Agent, request } from 'node:http';

/** What was sent: the time of sending and the delay of the 2xx, by event id, in milliseconds. */
export interface Sent {
  readonly sentAt: ReadonlyMap<string, number>;
  readonly acceptMs: readonly number[];
  /** Replies other than 2xx and broken connections. */
  readonly refused: number;
}

interface Target {
  readonly url: string;
  readonly connections: number;
}

/** Each connection sends its next event as soon as the one before was accepted. */
export async function closedLoop(target: Target, seconds: number): Promise<Sent> {
  const sender = makeSender(target);
  const until = performance.now() + seconds * 1000;
  await Promise.all(
    Array.from({ length: target.connections }, async () => {
      while (performance.now() < until) await sender.send();
    }),
  );
  return sender.end();
}

/** Sends so many events, each connection its next one as soon as the one before was accepted. */
export async function backlog(target: Target, count: number): Promise<Sent> {
  const sender = makeSender(target);
  let left = count;
  await Promise.all(
    Array.from({ length: target.connections }, async () => {
      while (left-- > 0) await sender.send();
    }),
  );
  return sender.end();
}

/** Sends at a fixed rate, whatever the replies do. */
export async function openLoop(target: Target, seconds: number, ratePerSecond: number): Promise<Sent> {
  const sender = makeSender(target);
  const start = performance.now();
  const total = seconds * ratePerSecond;
  const pending: Promise<void>[] = [];
  for (let index = 0; index < total; index += 1) {
    const due = start + (index * 1000) / ratePerSecond;
    const early = due - performance.now();
    if (early > 0) await new Promise((resume) => setTimeout(resume, early));
    pending.push(sender.send());
  }
  await Promise.all(pending);
  return sender.end();
}

function makeSender({ url, connections }: Target) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const sentAt = new Map<string, number>();
  const acceptMs: number[] = [];
  let refused = 0;
  let next = 0;
  const prefix = Math.random().toString(36).slice(2, 8);

  async function send(): Promise<void> {
    const id = `${prefix}-${next}`;
    const body = makeEvent(id, next);
    next += 1;
    const began = performance.now();
    const status = await post(url, body, agent);
    if (status < 200 || status > 299) {
      refused += 1;
      return;
    }
    sentAt.set(id, began);
    acceptMs.push(performance.now() - began);
  }

  return {
    send,
    end(): Sent {
      agent.destroy();
      return { sentAt, acceptMs, refused };
    },
  };
}

function post(url: string, body: string, agent: Agent): Promise<number> {
  return new Promise((done) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sending = request(url, { method: 'POST', agent, headers }, (reply) => {
      reply.resume();
      reply.on('end', () => done(reply.statusCode ?? 0));
      reply.on('error', () => done(0));
    });
    sending.on('error', () => done(0));
    sending.end(body);
  });
}

/** An order of about 1.3 kB. */
function makeEvent(id: string, number: number): string {
  const items = Array.from({ length: 8 }, (_, index) => ({
    sku: `SKU-${number}-${index}`,
    title: 'A thing that somebody ordered, with a name of usual length',
    quantity: index + 1,
    price: 19.99,
  }));
  return JSON.stringify({
    id,
    number,
    customer: { id: `c-${number % 1000}`, name: 'Ada Lovelace', email: 'ada@example.com' },
    shipping: { street: '12 Analytical Row', city: 'London', country: 'GB' },
    total: 719.64,
    items,
  });
}
