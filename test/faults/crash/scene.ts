import type { Stage, WebServer } from '#test/faults/stage.ts';

/** A situation in which a process dies. One scene is played many times on one stage. */
export interface Scene {
  /** Whose process it is. */
  readonly process: 'worker' | 'web';
  /** True where it needs a web process that goes on, though a worker dies. Default false. */
  readonly needsWeb?: boolean;
  /** What is there beforehand: flows, connections. `web` answers where a scene needs it. */
  open(stage: Stage, web: WebServer | undefined): Promise<Play>;
}

/** The moves of a scene; each round makes them anew. */
export interface Play {
  /** Before the process at risk has anything to do; everything may run still. */
  prepare?(): Promise<void>;
  /** What the process at risk meets: with `web` it is sent there, and the connection may break. */
  begin(web: WebServer | undefined): Promise<Reply | undefined>;
  /** After the crash: what senders and people do. Answers what is wrong. */
  goOn?(after: AfterCrash): Promise<readonly string[]>;
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

export interface AfterCrash {
  /** Undefined where the connection broke. */
  readonly reply: Reply | undefined;
  /** True where the point is after the commit in question. */
  readonly isCommitted: boolean;
  readonly web: WebServer | undefined;
}

/** Sends JSON; undefined when the connection broke before a reply. */
export async function send(
  url: string,
  body: unknown,
  { method = 'POST', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<Reply | undefined> {
  try {
    const reply = await fetch(url, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    const text = await reply.text();
    return { status: reply.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
  } catch (error) {
    // What `fetch` throws when the connection breaks.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Calls the REST API with the stage's key. */
export function callApi(
  stage: Stage,
  web: WebServer,
  call: string,
  body: unknown,
): Promise<Reply | undefined> {
  const [method = '', path = ''] = call.split(' ');
  const headers = { authorization: `Bearer ${stage.apiKey}` };
  return send(`${web.apiUrl}/api/v1${path}`, body, { method, headers });
}
