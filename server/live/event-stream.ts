/** Proxies cut connections that are silent for half a minute. */
const HEARTBEAT_MS = 15_000;

/** Where the messages of one reader's stream come from. */
export interface Feed {
  /** Begins to note what happens; `changed` is called when there is something to take. Returns what ends it. */
  open(changed: () => void): () => void;
  /** Called once, when nothing can be missed any more. */
  first?(): Promise<void>;
  /** What to write now, in full messages; empty for nothing. Called only while the reader takes what is written. */
  take(): string;
}

type Controller = ReadableStreamDefaultController<Uint8Array>;

/** Server-sent events out of a feed. Ends the feed when the reader leaves. */
export function eventStream(feed: Feed): ReadableStream<Uint8Array> {
  let stop = () => {};
  return new ReadableStream<Uint8Array>({
    async start(controller) {
      const close = feed.open(() => drain(feed, controller));
      const heartbeat = setInterval(() => beat(controller), HEARTBEAT_MS);
      heartbeat.unref();
      stop = () => {
        clearInterval(heartbeat);
        close();
      };
      controller.enqueue(encode('retry: 2000\n\n'));
      try {
        await feed.first?.();
      } catch (error) {
        stop();
        throw error;
      }
    },
    pull: (controller) => drain(feed, controller),
    cancel: () => stop(),
  });
}

/** One message of a stream. */
export function eventOf(data: unknown, name?: string): string {
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;
}

function drain(feed: Feed, controller: Controller): void {
  if (!isReady(controller)) return;
  const text = feed.take();
  if (text !== '') controller.enqueue(encode(text));
}

function beat(controller: Controller): void {
  if (isReady(controller)) controller.enqueue(encode(': still here\n\n'));
}

function isReady(controller: Controller): boolean {
  return (controller.desiredSize ?? 0) > 0;
}

const encoder = new TextEncoder();

function encode(text: string): Uint8Array {
  return encoder.encode(text);
}
