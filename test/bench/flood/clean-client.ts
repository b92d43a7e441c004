import { request } from 'node:http';

/** What a client saw that sends small events at a steady pace. */
export interface CleanReport {
  /** By status; 0 when there was no reply. */
  readonly replies: Readonly<Record<string, number>>;
  readonly runIds: readonly string[];
  readonly ms: readonly number[];
}

export interface CleanClient {
  /** Sends no more, and waits for the last replies. */
  end(): Promise<CleanReport>;
}

/** Longer than any sender waits; a reply after that is none. */
const PATIENCE_MS = 60_000;

/** Sends a small event so many times a second, each once and over a connection of its own, whatever the replies do. */
export function startCleanClient(url: string, perSecond: number): CleanClient {
  const report = { replies: {} as Record<string, number>, runIds: [] as string[], ms: [] as number[] };
  const pending: Promise<void>[] = [];
  const timer = setInterval(() => {
    const began = performance.now();
    pending.push(
      post(url, `clean-${pending.length}`).then(({ status, runId }) => {
        report.replies[status] = (report.replies[status] ?? 0) + 1;
        report.ms.push(performance.now() - began);
        if (runId !== undefined) report.runIds.push(runId);
      }),
    );
  }, 1_000 / perSecond);
  return {
    end: async () => {
      clearInterval(timer);
      await Promise.all(pending);
      return report;
    },
  };
}

function post(url: string, id: string): Promise<{ status: number; runId?: string }> {
  const body = JSON.stringify({ id, note: 'x'.repeat(500) });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((done) => {
    const broken = () => done({ status: 0 });
    const sending = request(url, { method: 'POST', agent: false, headers, timeout: PATIENCE_MS }, (reply) => {
      const status = reply.statusCode ?? 0;
      let text = '';
      reply.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      reply.on('error', broken);
      reply.on('end', () =>
        done(status === 202 ? { status, runId: (JSON.parse(text) as { runId: string }).runId } : { status }),
      );
    });
    sending.on('timeout', () => sending.destroy());
    sending.on('error', broken);
    sending.end(body);
  });
}
