import type { RunChange } from '#core/api/runs.ts';
import { prisma } from '#server/db/prisma.ts';
import { eventOf, eventStream, type Feed } from '#server/live/event-stream.ts';
import { subscribeToRunChanges, type RunChangeFilter } from '#server/live/subscribe-to-run-changes.ts';
import { noRun, runId } from '#server/runs/run-id.ts';

/** What a stalled reader may miss before it is told to read everything again. */
const MAX_PENDING = 1_000;

/**
 * Server-sent events: one message a changed run, `{ id, flow, status }`, of several changes while the reader is busy
 * the last one; and an event named `gap` when changes may have been missed, so that the reader reads again what it shows.
 * `first` is asked for a first message once no change can be missed. Ends its subscription when the reader leaves.
 */
export function runChangeStream(filter: RunChangeFilter, first?: FirstMessage): ReadableStream<Uint8Array> {
  return eventStream(new RunChangeFeed(filter, first));
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

class RunChangeFeed implements Feed {
  readonly #filter: RunChangeFilter;
  readonly #first: FirstMessage | undefined;
  readonly #pending = new Map<string, RunChange>();
  #gap = false;
  #changed: () => void = () => {};

  constructor(filter: RunChangeFilter, first: FirstMessage | undefined) {
    this.#filter = filter;
    this.#first = first;
  }

  open(changed: () => void): () => void {
    this.#changed = changed;
    return subscribeToRunChanges(
      this.#filter,
      (change) => this.#note(change),
      () => this.#noteGap(),
    );
  }

  async first(): Promise<void> {
    const present = await this.#first?.();
    if (present) this.#note(present);
  }

  take(): string {
    const messages = [...this.#pending.values()].map((change) => eventOf(change));
    const text = `${this.#gap ? eventOf({}, 'gap') : ''}${messages.join('')}`;
    this.#pending.clear();
    this.#gap = false;
    return text;
  }

  #note({ id, flow, status }: RunChange): void {
    this.#pending.set(id, { id, flow, status });
    if (this.#pending.size > MAX_PENDING) this.#noteGap();
    else this.#changed();
  }

  #noteGap(): void {
    this.#gap = true;
    this.#pending.clear();
    this.#changed();
  }
}
