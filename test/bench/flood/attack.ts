/** Large bodies and slow sockets, from a thread of its own so that the clean client's clock is not theirs. */
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

/** What to send, and for how long at most. */
export interface Attack {
  /** The hook's address. */
  readonly url: string;
  /** Senders of large bodies, all at once; each has a connection of its own. */
  readonly senders: number;
  readonly bodyBytes: number;
  /** How often each of them sends: at once again when it was accepted, after `Retry-After` when it was not. */
  readonly sends: number;
  /** Half of them send their headers byte by byte, half their body; each opens again when it was cut off. */
  readonly slowSockets: number;
  readonly seconds: number;
}

export interface AttackReport {
  /** Large bodies by the status of the reply, or by what broke the connection when there was none. */
  readonly replies: Readonly<Record<string, number>>;
  readonly runIds: readonly string[];
  /** Milliseconds to each refusal. */
  readonly refusalMs: readonly number[];
  /** Most slow sockets that were open at a time. */
  readonly slowOpen: number;
  /** How slow sockets ended that the server ended, by status. */
  readonly slowReplies: Readonly<Record<string, number>>;
  /** Longest time that a slow socket was kept, in milliseconds. */
  readonly slowestKeptMs: number;
}

/** What all bodies share. */
const PADDING = Buffer.alloc(1_048_576, 'x');
const DRIP_MS = 1_000;
/** So many bytes of a body go out at a time. */
const DRIP_BYTES = 200;
/** What the bodies of slow senders claim to be: every other one small, every other one large. */
const SLOW_BODY_BYTES = [20_000, 1_000_000] as const;

const count = (counts: Record<string, number>, key: string | number) => {
  counts[key] = (counts[key] ?? 0) + 1;
};

async function attack(plan: Attack): Promise<AttackReport> {
  const until = performance.now() + plan.seconds * 1_000;
  const report = { replies: {}, runIds: [], refusalMs: [] };
  const slow = { slowOpen: 0, slowReplies: {}, slowestKeptMs: 0 };
  await Promise.all([
    ...Array.from({ length: plan.slowSockets }, (_, n) => dripUntil(until, { plan, n, slow })),
    ...Array.from({ length: plan.senders }, (_, n) => sendUntil(until, { plan, n, report })),
  ]);
  return { ...report, ...slow };
}

interface Sender {
  readonly plan: Attack;
  readonly n: number;
  readonly report: { replies: Record<string, number>; runIds: string[]; refusalMs: number[] };
}

async function sendUntil(until: number, { plan, n, report }: Sender): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let turn = 0; turn < plan.sends && performance.now() < until; turn++) {
    const began = performance.now();
    const { status, runId, retryAfter } = await post(plan, `${n}-${turn}`, agent);
    count(report.replies, status);
    if (runId !== undefined) report.runIds.push(runId);
    else if (typeof status === 'number') report.refusalMs.push(performance.now() - began);
    if (runId === undefined) await sleep(retryAfter * 1_000);
  }
  agent.destroy();
}

interface Reply {
  readonly status: number | string;
  readonly runId?: string;
  readonly retryAfter: number;
}

function post({ url, bodyBytes }: Attack, id: string, agent: Agent): Promise<Reply> {
  const head = `{"id":"${id}","padding":"`;
  const headers = { 'content-type': 'application/json', 'content-length': bodyBytes };
  return new Promise((done) => {
    const broken = (error: NodeJS.ErrnoException) =>
      done({ status: error.code ?? error.message, retryAfter: 1 });
    const sending = request(url, { method: 'POST', agent, headers }, (reply) => {
      const status = reply.statusCode ?? 0;
      let text = '';
      reply.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      reply.on('error', broken);
      reply.on('end', () => {
        const runId = status === 202 ? (JSON.parse(text) as { runId: string }).runId : undefined;
        done({
          status,
          retryAfter: Number(reply.headers['retry-after'] ?? 1),
          ...(runId !== undefined && { runId }),
        });
      });
    });
    sending.on('error', broken);
    sending.write(head);
    sending.write(PADDING.subarray(0, bodyBytes - head.length - 2));
    sending.end('"}');
  });
}

interface Slow {
  readonly plan: Attack;
  readonly n: number;
  readonly slow: { slowOpen: number; slowReplies: Record<string, number>; slowestKeptMs: number };
}

let open = 0;

async function dripUntil(until: number, given: Slow): Promise<void> {
  while (performance.now() < until) await dripOnce(until, given);
}

/** One slow connection, to its end. */
async function dripOnce(until: number, { plan, n, slow }: Slow): Promise<void> {
  const { hostname, port, pathname } = new URL(plan.url);
  const bodyBytes = SLOW_BODY_BYTES[(n >> 1) % 2];
  const line = `POST ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\n`;
  const hasSlowBody = n % 2 === 1;
  const socket = connect(Number(port), hostname);
  const ended = new Promise<void>((done) => socket.once('close', () => done()));
  let connectedAt: number | undefined;
  let answer = '';
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1').slice(0, 64)));
  socket.once('connect', () => {
    connectedAt = performance.now();
    slow.slowOpen = Math.max(slow.slowOpen, ++open);
    socket.write(hasSlowBody ? `${line}Content-Length: ${bodyBytes}\r\n\r\n` : '');
  });
  let sent = 0;
  const drip = setInterval(() => {
    if (performance.now() >= until) return void socket.destroy();
    if (hasSlowBody) socket.write('x'.repeat(DRIP_BYTES));
    else socket.write(line[sent++] ?? 'x');
  }, DRIP_MS);
  await ended;
  clearInterval(drip);
  if (connectedAt !== undefined) {
    open--;
    slow.slowestKeptMs = Math.max(slow.slowestKeptMs, Math.round(performance.now() - connectedAt));
  }
  if (performance.now() >= until) return;
  count(slow.slowReplies, /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 'none');
  // Whoever is refused at the door comes again, but not at once.
  await sleep(DRIP_MS);
}

if (parentPort && workerData) parentPort.postMessage(await attack(workerData as Attack));
