import type { RunChange } from '#core/api/runs.ts';
import { prisma } from '#server/db/prisma.ts';
import { subscribeToRunChanges, type RunChangeFilter } from '#server/live/subscribe-to-run-changes.ts';
import { noRun, runId } from '#server/runs/run-id.ts';

/** Proxies cut connections that are silent for half a minute. */
const HEARTBEAT_MS = 15_000;
/** What a stalled reader may miss before it is told to read everything again. */
const MAX_PENDING = 1_000;

/**
 * Server-sent events: one message a changed run, `{ id, flow, status }`, of several changes while the reader is busy
 * the last one; and an event named `gap` when changes may have been missed, so that the reader reads again what it shows.
 * `first` is asked for a first message once no change can be missed. Ends its subscription when the reader leaves.
 */
export function runChangeStream(filter: RunChangeFilter, first?: FirstMessage): ReadableStream<Uint8Array> {
  return new ReadableStream(new RunChangeSource(filter, first));
}

/** The stream of one run, whose first message tells its present status. Throws 404. */
export async function oneRunStream(workspaceId: string, id: string): Promise<ReadableStream<Uint8Array>> {
  const where = { id: runId(id), workspaceId };
  const readChange = async () => {
    const run = await prisma().run.findFirst({ where, select: { flowSlug: true, status: true } });
    return run && { id: where.id, flow: run.flowSlug, status: run.status };
  };
  if (!(await readChange())) throw noRun(id);
  return runChangeStream({ workspaceId, runId: where.id }, readChange);
}

type FirstMessage = () => Promise<RunChange | null>;
type Controller = ReadableStreamDefaultController<Uint8Array>;

class RunChangeSource implements UnderlyingDefaultSource<Uint8Array> {
  readonly #filter: RunChangeFilter;
  readonly #first: FirstMessage | undefined;
  readonly #pending = new Map<string, RunChange>();
  #gap = false;
  #stop: () => void = () => {};

  constructor(filter: RunChangeFilter, first: FirstMessage | undefined) {
    this.#filter = filter;
    this.#first = first;
  }

  async start(controller: Controller): Promise<void> {
    const unsubscribe = subscribeToRunChanges(
      this.#filter,
      (change) => this.#note(controller, change),
      () => this.#noteGap(controller),
    );
    const heartbeat = setInterval(() => this.#beat(controller), HEARTBEAT_MS);
    heartbeat.unref();
    this.#stop = () => {
      unsubscribe();
      clearInterval(heartbeat);
    };
    controller.enqueue(encode('retry: 2000\n\n'));
    try {
      const present = await this.#first?.();
      if (present) this.#note(controller, present);
    } catch (error) {
      this.#stop();
      throw error;
    }
  }

  pull(controller: Controller): void {
    this.#drain(controller);
  }

  cancel(): void {
    this.#stop();
  }

  #note(controller: Controller, { id, flow, status }: RunChange): void {
    this.#pending.set(id, { id, flow, status });
    if (this.#pending.size > MAX_PENDING) this.#noteGap(controller);
    else this.#drain(controller);
  }

  #noteGap(controller: Controller): void {
    this.#gap = true;
    this.#pending.clear();
    this.#drain(controller);
  }

  /** Writes what is pending if the reader has taken what was written before. */
  #drain(controller: Controller): void {
    if (!isReady(controller) || (!this.#gap && this.#pending.size === 0)) return;
    const messages = [...this.#pending.values()].map((change) => `data: ${JSON.stringify(change)}\n\n`);
    controller.enqueue(encode(`${this.#gap ? 'event: gap\ndata: {}\n\n' : ''}${messages.join('')}`));
    this.#pending.clear();
    this.#gap = false;
  }

  #beat(controller: Controller): void {
    if (isReady(controller)) controller.enqueue(encode(': still here\n\n'));
  }
}

function isReady(controller: Controller): boolean {
  return (controller.desiredSize ?? 0) > 0;
}

const encoder = new TextEncoder();

function encode(text: string): Uint8Array {
  return encoder.encode(text);
}
