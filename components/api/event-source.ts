import { API_BASE } from './client.ts';

export type StreamState = 'connecting' | 'live' | 'reconnecting';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

export interface StreamReader {
  /** The data of each message. */
  readonly onMessage: (text: string) => void;
  /** After each connection and when the server says so: what was read before may be old. */
  readonly onGap: () => void;
  readonly onState?: (state: StreamState) => void;
}

/**
 * Reads a stream of the API until the returned function is called. Connects again by itself, at growing distances: the
 * browser's own reconnection gives up for good on any answer other than 200.
 */
export function readStream(path: string, reader: StreamReader): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let wasOpen = false;

  const open = () => {
    clearTimeout(timer);
    timer = undefined;
    source = new EventSource(`${API_BASE}${path}`);
    source.addEventListener('message', (event: MessageEvent<string>) => reader.onMessage(event.data));
    source.addEventListener('gap', () => reader.onGap());
    source.addEventListener('open', () => {
      failures = 0;
      reader.onState?.('live');
      wasOpen = true;
      reader.onGap();
    });
    source.addEventListener('error', () => {
      source?.close();
      reader.onState?.(wasOpen || failures > 0 ? 'reconnecting' : 'connecting');
      timer = setTimeout(open, reconnectWait(failures, Math.random()));
      failures += 1;
      // A stream does not say why it was refused. A reading does: after the end of the session it leads to the sign-in.
      if (failures === 2) reader.onGap();
    });
  };
  const hurry = () => {
    if (timer !== undefined) open();
  };
  open();
  window.addEventListener('online', hurry);
  return () => {
    window.removeEventListener('online', hurry);
    clearTimeout(timer);
    source?.close();
  };
}

/** Milliseconds before the next try: doubling, capped, spread so that many tabs do not come back at once. */
export function reconnectWait(failures: number, random: number): number {
  const longest = Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
  return longest / 2 + (longest / 2) * random;
}
