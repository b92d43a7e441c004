import addFormats from 'ajv-formats';
import { Ajv2020, type AnySchema } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';

import type { Acme } from '#sandbox/start-acme.ts';
import { callAcme, connect, postForm } from '#test/support/acme.ts';
import { useAcme } from '#test/support/use-acme.ts';

const startAcme = useAcme();

interface Documented {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: { readonly 'application/json': { readonly schema: AnySchema } };
}
interface Operation {
  readonly operationId: string;
  readonly security: readonly [{ readonly oauth: readonly string[] }];
  readonly requestBody?: {
    readonly content: { readonly 'application/json': { readonly schema: AnySchema } };
  };
  readonly responses: Readonly<Record<string, Documented | { readonly $ref: string }>>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly responses: Readonly<Record<string, Documented>>; readonly schemas: object };
}
type Call = Parameters<typeof callAcme>[3] & { readonly query?: string; readonly token?: string };

interface Subject {
  readonly acme: Acme;
  readonly document: Document;
  readonly token: string;
  /** May do nothing but ask who it is of. */
  readonly weakToken: string;
  readonly webhookId: string;
  /** Knows the document's components as `doc`. */
  readonly ajv: Ajv2020;
}

async function newSubject(): Promise<Subject> {
  const acme = await startAcme({ rateLimit: { requests: 10_000, seconds: 1 } });
  const { access_token: token } = await connect(acme);
  const { access_token: weakToken } = await connect(acme, { scope: 'offline_access' });
  const document = (await (await fetch(`${acme.apiUrl}/openapi.json`)).json()) as Document;
  const webhook = await callAcme(acme, token, '/webhooks', { body: SAMPLES['createWebhook']?.body });
  const { id: webhookId } = (await webhook.json()) as { id: string };
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'doc', components: document.components });
  return { acme, document, token, weakToken, webhookId, ajv };
}

/** A request that succeeds, for each operation. */
const SAMPLES: Readonly<Record<string, Call>> = {
  getMe: {},
  listContacts: { query: '?limit=2&updated_since=2020-01-01T00:00:00Z' },
  createContact: { body: { name: 'Doc', email: 'doc@example.com', company: null } },
  getContact: {},
  updateContact: { body: { phone: '12' } },
  listDeals: {},
  createDeal: { body: { contactId: 'con_sample1', title: 'Doc', amount: 9.99, stage: 'lead' } },
  getDeal: {},
  updateDeal: { body: { amount: 3 } },
  listPipelines: {},
  listWebhooks: {},
  createWebhook: { body: { url: 'http://127.0.0.1:3000/hooks/x', events: ['deal.created'] } },
  renewWebhook: { method: 'POST' },
  deleteWebhook: {},
};

/** What brings about each failure, whatever the operation. */
const FAILURES: Readonly<Record<string, (sample: Call, subject: Subject) => Call | null>> = {
  400: (sample) => (sample.body === undefined ? null : { ...sample, body: '{' }),
  401: (sample) => ({ ...sample, token: 'none' }),
  403: (sample, { weakToken }) => ({ ...sample, token: weakToken }),
  415: (sample) =>
    sample.body === undefined ? null : { ...sample, headers: { 'content-type': 'text/plain' } },
  422: (sample) => ({ ...sample, query: '?surprise=1' }),
};

/** What is deleted is deleted last. */
function operationsOf({ paths }: Document): (Operation & { path: string; method: string })[] {
  return Object.entries(paths)
    .flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({
        ...operation,
        path,
        method: method.toUpperCase(),
      })),
    )
    .sort((a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'));
}

function call(
  { acme, token, webhookId }: Subject,
  { path, method }: { path: string; method: string },
  sample: Call,
  id?: string,
): Promise<Response> {
  const ids = { '/contacts': 'con_sample1', '/deals': 'deal_sample1', '/webhooks': webhookId };
  const own = ids[path.replace(/\/\{id\}.*/, '') as keyof typeof ids];
  const filled = path.replace('{id}', id ?? own);
  return callAcme(acme, sample.token ?? token, filled + (sample.query ?? ''), { ...sample, method });
}

/** An expectation that says, when it fails, which operation it was about. */
function expectOf({ operationId }: Operation, what: string, actual: unknown, expected: unknown = true): void {
  expect(`${operationId}: ${what} ${String(actual)}`).toBe(`${operationId}: ${what} ${String(expected)}`);
}

/** Throws when a reply is not as the document says. */
async function expectAsDocumented(
  { document, ajv }: Subject,
  operation: Operation,
  reply: Response,
): Promise<void> {
  const found = operation.responses[reply.status];
  if (!found) throw new Error(`${operation.operationId} gave ${reply.status}, which is not documented.`);
  const documented =
    '$ref' in found ? document.components.responses[found.$ref.split('/').at(-1) ?? ''] : found;
  for (const name of Object.keys(documented?.headers ?? {}))
    if (!SOMETIMES.test(name)) expectOf(operation, `${reply.status} ${name}`, reply.headers.has(name));
  const schema = documented?.content?.['application/json'].schema;
  if (!schema) return expect(await reply.text()).toBe('');
  const inDocument = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"doc#/')) as AnySchema;
  const fits = ajv.validate(inDocument, await reply.json());
  expectOf(operation, `${reply.status} body`, fits ? 'fits' : ajv.errorsText(), 'fits');
}

/** Headers that a reply may lack. */
const SOMETIMES = /^(idempotent-replayed)$/i;

describe('the OpenAPI document', () => {
  test('describes every operation with what it takes and gives', async () => {
    const subject = await newSubject();
    const operations = operationsOf(subject.document);
    expect(subject.document.openapi).toBe('3.1.0');
    expect(operations.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(SAMPLES).sort());
    for (const operation of operations) {
      const sample = SAMPLES[operation.operationId] ?? {};
      const schema = operation.requestBody?.content['application/json'].schema;
      expectOf(operation, 'has a body', schema !== undefined, sample.body !== undefined);
      const reply = await call(subject, operation, sample);
      expectOf(operation, 'succeeds', reply.ok);
      await expectAsDocumented(subject, operation, reply);
    }
  });

  test.each(Object.keys(FAILURES))('names %s where it can come, and only there', async (status) => {
    const subject = await newSubject();
    for (const operation of operationsOf(subject.document)) {
      const failing = FAILURES[status]?.(SAMPLES[operation.operationId] ?? {}, subject);
      const isNamed = operation.responses[status] !== undefined;
      const reply = failing ? await call(subject, operation, failing) : null;
      expectOf(operation, status, reply?.status === Number(status), isNamed);
      if (reply && isNamed) await expectAsDocumented(subject, operation, reply);
    }
  });

  test('names 404 where there is an id, and 503 for deals', async () => {
    const subject = await newSubject();
    const operations = operationsOf(subject.document);
    for (const operation of operations) {
      const hasId = operation.path.includes('{id}');
      expectOf(operation, '404', operation.responses[404] !== undefined, hasId);
      if (!hasId) continue;
      const reply = await call(subject, operation, SAMPLES[operation.operationId] ?? {}, 'none');
      expect(reply.status).toBe(404);
      await expectAsDocumented(subject, operation, reply);
    }
    await postForm(subject.acme, '/trouble', { trouble: 'deals_503' });
    for (const operation of operations) {
      const reply = await call(subject, operation, SAMPLES[operation.operationId] ?? {});
      expectOf(operation, '503', operation.responses[503] !== undefined, reply.status === 503);
      await expectAsDocumented(subject, operation, reply);
    }
  });

  test('names the scope that each operation wants', async () => {
    const subject = await newSubject();
    for (const operation of operationsOf(subject.document)) {
      const [scope] = operation.security[0].oauth;
      if (scope === undefined) continue;
      const { access_token: token } = await connect(subject.acme, { scope });
      const reply = await call(subject, operation, { ...SAMPLES[operation.operationId], token });
      expectOf(operation, `succeeds with ${scope}`, reply.ok);
    }
  });

  test('refuses bodies that are too large with 413, and paths and methods that there are not', async () => {
    const subject = await newSubject();
    const { acme, document, token } = subject;
    const big = { name: 'x'.repeat(70_000), email: 'x@example.com' };
    const reply = await callAcme(acme, token, '/contacts', { body: big });
    expect(reply.status).toBe(413);
    const operation = document.paths['/contacts']?.['post'];
    if (operation) await expectAsDocumented(subject, operation, reply);
    expect((await callAcme(acme, token, '/nothing')).status).toBe(404);
    const wrongMethod = await callAcme(acme, token, '/contacts', { method: 'DELETE' });
    expect(wrongMethod.status).toBe(405);
    expect(wrongMethod.headers.get('allow')).toBe('GET, POST');
  });
});
