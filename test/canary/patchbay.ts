import { CONNECTORS } from '#connectors/definitions.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { openStage, type Stage } from '#test/faults/stage.ts';
import type { LaunchedProcess } from '#test/support/launch-process.ts';
import { startMailServer, type MailServer } from '#test/support/mail-server.ts';
import { query } from '#test/support/query.ts';
import { waitFor } from '#test/support/wait-for.ts';
import type { Haystack } from './canaries.ts';
import { dumpDatabase } from './dump.ts';

export interface Reply {
  readonly status: number;
  readonly text: string;
}

export type Asked = Omit<RequestInit, 'headers'> & {
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
};

/** A web process and a worker that tell all they can, and everything that they have told. */
export interface Patchbay {
  readonly stage: Stage;
  /** Their own mails. */
  readonly outbox: MailServer;
  /** Calls web, such as `POST /api/v1/connections`, and keeps what it says. */
  ask(line: string, init?: Asked): Promise<Reply>;
  /** The same below `/api/v1`. */
  api(line: string, json?: unknown): Promise<Reply>;
  /** Throws when it is refused. Resolves to the address of its hook, or to nothing. */
  publish(document: FlowDocument): Promise<string>;
  /** All items of a list. */
  pages(path: string): Promise<readonly Item[]>;
  /** Reads all that the API shows. */
  crawl(): Promise<void>;
  /** Resolves once every run has ended, or waits for a person. */
  untilSettled(): Promise<void>;
  /** Every place where a secret could stand. */
  haystacks(): Promise<readonly Haystack[]>;
  close(): Promise<void>;
}

export interface Item {
  readonly id: string;
  readonly slug: string;
}

const BREAK_HANDLER = new URL('break-handler.ts', import.meta.url).href;

/** @param env of both processes, made from their stage. */
export async function openPatchbay(
  env: (stage: Stage) => Readonly<Record<string, string>>,
  nodeArgs: readonly string[] = [],
): Promise<Patchbay> {
  const [stage, outbox] = await Promise.all([openStage(), startMailServer()]);
  const { host } = new URL(stage.databaseUrl);
  const all = {
    LOG_LEVEL: 'trace',
    PATCHBAY_SMTP_URL: `smtp://127.0.0.1:${outbox.port}`,
    PATCHBAY_MAIL_FROM: 'Patchbay <flows@example.com>',
    // The tests' database is our own, too.
    PATCHBAY_EGRESS_ALLOW: `127.0.0.0/8,${host}`,
    ...env(stage),
  };
  const web = stage.launch('test/support/bare-web.ts', all, nodeArgs);
  const told = (await web.message) as { url: string } | undefined;
  if (!told) throw new Error(web.output());
  const worker = await stage.startWorker(all, [...nodeArgs, '--import', BREAK_HANDLER]);
  return patchbayOf({ stage, outbox, web, worker, url: told.url });
}

function patchbayOf({
  stage,
  outbox,
  web,
  worker,
  url,
}: {
  readonly stage: Stage;
  readonly outbox: MailServer;
  readonly web: LaunchedProcess;
  readonly worker: LaunchedProcess;
  readonly url: string;
}): Patchbay {
  /** Every reply of web, with its headers. */
  const replies: Haystack[] = [];

  async function ask(line: string, init: Asked = {}): Promise<Reply> {
    const [method = '', path = ''] = line.split(' ');
    const headers = new Headers({ 'content-type': 'application/json', ...init.headers });
    // Whoever has a session shows no key.
    if (!headers.has('cookie') && !headers.has('authorization'))
      headers.set('authorization', `Bearer ${stage.apiKey}`);
    const body = init.json === undefined ? init.body : JSON.stringify(init.json);
    const reply = await fetch(url + path, {
      ...init,
      method,
      headers,
      body: body ?? null,
      redirect: 'manual',
    });
    const text = await reply.text();
    replies.push({
      name: line.replace(' /api/v1/', ' /'),
      bytes: Buffer.from(`${[...reply.headers].join('\n')}\n${text}`),
    });
    return { status: reply.status, text };
  }

  const api = (line: string, json?: unknown) =>
    ask(line.replace(' /', ' /api/v1/'), json === undefined ? {} : { json });

  async function publish(document: FlowDocument): Promise<string> {
    const saved = await api(`PUT /flows/${document.slug}`, document);
    const published = await api(`POST /flows/${document.slug}/publish`, {});
    if (published.status !== 200) throw new Error(`${document.slug}: ${saved.text} ${published.text}`);
    return (JSON.parse(published.text) as { hookUrl: string | null }).hookUrl ?? '';
  }

  async function pages(path: string): Promise<readonly Item[]> {
    const items: Item[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const reply: Reply = await api(
        `GET ${path}?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      const page = JSON.parse(reply.text) as { data: readonly Item[]; next?: string | null };
      items.push(...page.data);
      cursor = page.next ?? null;
    }
    return items;
  }

  async function crawl(): Promise<void> {
    const [connections, flows, runs] = await Promise.all(['/connections', '/flows', '/runs'].map(pages));
    for (const list of LISTS) await pages(list);
    const paths = [
      ...SINGLE,
      ...CONNECTORS.map(({ id }) => `/connectors/${id}`),
      ...connections!.flatMap(({ slug }) => [`/connections/${slug}`, `/connections/${slug}/links`]),
      ...flows!.flatMap(({ slug }) =>
        ['', '/summary', '/stats', '/versions'].map((of) => `/flows/${slug}${of}`),
      ),
      ...runs!.map(({ id }) => `/runs/${id}`),
    ];
    await sideBySide(paths, (path) => api(`GET ${path}`));
    for (const path of PUBLIC) await ask(`GET ${path}`);
  }

  async function untilSettled(): Promise<void> {
    const open = async () => {
      const [row] = await query<{ open: number }>(
        stage.databaseUrl,
        `SELECT count(*)::int AS open FROM run WHERE status NOT IN ('succeeded', 'failed', 'cancelled', 'in_doubt')
           AND NOT EXISTS (SELECT 1 FROM step WHERE run_id = run.id AND waiting_for IN ('approval', 'connection'))`,
      );
      return row!.open === 0;
    };
    await waitFor('every run to end, or to wait for somebody', open, 180_000);
  }

  return {
    ...{ stage, outbox, ask, api, publish, pages, crawl, untilSettled },
    haystacks: async () => [
      ...(await dumpDatabase(stage.databaseUrl)),
      { name: 'log of web', bytes: Buffer.from(web.output()) },
      { name: 'log of the worker', bytes: Buffer.from(worker.output()) },
      ...outbox.received.map(({ source }, index) => ({ name: `mail ${index}`, bytes: Buffer.from(source) })),
      ...replies,
    ],
    close: async () => {
      await Promise.all([stage.close(), outbox.stop()]);
    },
  };
}

const HANDS = 6;

/** Does something with each of many, a few at a time. */
export async function sideBySide<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const left = items.values();
  const hand = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: HANDS }, hand));
}

const SINGLE = [
  '/me',
  '/connectors',
  '/ledger',
  '/system',
  '/breakers',
  '/approvals',
  '/openapi.json',
  '/dead-letters/groups',
  '/app-hooks',
  '/oauth-apps',
  '/connections/at-risk',
];
const LISTS = ['/dead-letters', '/audit', '/api-keys', '/bulk-actions'];
const PUBLIC = [
  '/metrics',
  '/healthz',
  '/readyz',
  '/.well-known/jwks/test/signer.json',
  '/.well-known/jwks/test/bearer.json',
];
