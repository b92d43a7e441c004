import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { catalog } from '#connectors/definitions.ts';
import type { Json } from '#core/json.ts';
import { makeFromTemplate } from '#core/templates/make-from-template.ts';
import { PLACEHOLDER_ADDRESS, type Template } from '#core/templates/template.ts';
import { findTemplate, TEMPLATES } from '#core/templates/templates.ts';
import { stopListening } from '#server/live/hub.ts';
import { flushNotices } from '#server/live/outbox.ts';
import { startAcme, type Acme } from '#sandbox/start-acme.ts';
import { callAcme, connect } from '#test/support/acme.ts';
import { callApi } from '#test/support/call-api.ts';
import { makeConnection } from '#test/support/connections.ts';
import { makeApiKey } from '#test/support/people.ts';
import { storeAccount } from '#test/support/triggers/store-account.ts';
import { PUBLIC_URL } from '#test/support/use-app-database.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { useWorkers } from '#test/worker/worker-fixture.ts';

/** What a trial gives, beside ending as its template says. */
const OUTPUTS: Readonly<Record<string, unknown>> = {
  'form-with-errors': { ok: false, errors: [{ field: 'email' }] },
  'price-order-lines': {
    total: 97,
    lines: [
      { sku: 'TEA-1', total: 25 },
      { sku: 'CUP-4', total: 72 },
    ],
  },
  'switch-by-country': { country: 'DE', carrier: 'Parcel service', tax: 24 },
  'csv-to-json': [
    { id: 'POT-2', price: 6.9, inStock: true },
    { id: 'CUP-4', price: 8, inStock: false },
    { id: 'TEA-1', price: 12.5, inStock: true },
  ],
  'deduplicate-events': { dropped: 1, events: [{ id: 'e2' }, { id: 'e1', state: 'sent' }] },
  'xml-orders': { number: 'A-3', lines: [{ sku: 'TEA-1', quantity: 2, price: 12.5 }], total: 25 },
  'deal-for-new-contact': {
    title: 'First talk with Nordlicht Lamps',
    contactId: 'con_sample1',
    stage: 'lead',
  },
  'daily-digest': { text: expect.stringContaining('proposal: 1 worth 18,400 EUR') },
  'upsert-contacts': { contactId: 'con_sample3', wasNew: false },
  'import-contacts': { rows: 3 },
  'enrich-orders': { number: 'A-9', customer: { known: true, company: 'Hoffmann Optik' } },
  'hand-over-won-deals': { title: 'Nordlicht Lamps: after “Lamps for forty shops”', amount: 18_400 },
  'nightly-contacts-csv': expect.stringContaining('Abelson Press,Ruth Abelson,ruth@abelson-press.example,'),
  'fan-out-order': { dealId: expect.stringMatching(/^deal_/), shipment: 200 },
  'retry-then-fall-back': { by: 'second' },
  'rate-limited-batches': { items: 5, calls: 3 },
  'read-all-pages': [{ id: 'p1' }, { id: 'p2' }, { id: 'p3' }],
  'poll-with-cursor': { text: '#7: Printer on fire' },
  'stripe-checkouts-to-deals': { contactId: 'con_sample4', amount: 49, stage: 'won' },
};

interface TrialRun {
  readonly id: string;
  readonly status: string;
  readonly output: Json;
  readonly error: Json;
  readonly steps: readonly { readonly nodeId: string; readonly status: string }[];
}

let acme: Acme;
let token = '';
let key = '';

beforeAll(async () => {
  process.env['PATCHBAY_URL'] = PUBLIC_URL;
  acme = await startAcme({
    patchbayUrl: PUBLIC_URL,
    tokenSeconds: 600,
    rateLimit: { requests: 10_000, seconds: 1 },
  });
  process.env['PATCHBAY_SANDBOX_URL'] = acme.url;
  process.env['PATCHBAY_SANDBOX_SECRET'] = acme.client.secret;
});
const fixture = useWorkers();
beforeAll(async () => {
  key = await makeApiKey(fixture.workspaceId, 'owner');
  const { access_token: accessToken, refresh_token: refreshToken = '' } = await connect(acme);
  token = accessToken;
  await storeAccount(fixture.workspaceId, { slug: 'crm', fields: { accessToken, refreshToken } });
  await makeConnection(fixture.workspaceId, {
    slug: 'signed',
    connector: 'signing_secret',
    fields: { secret: 'a-secret' },
  });
  fixture.sink.reply('/first', { status: 503 });
  fixture.sink.reply('/items', ({ query }) => {
    const page = new URLSearchParams(query).get('page');
    return { body: { pages: 3, items: [{ id: `p${page}` }] } };
  });
  await fixture.startWorker({ PATCHBAY_EGRESS_ALLOW: '127.0.0.0/8' });
});
afterAll(async () => {
  await acme.stop();
  await flushNotices();
  await stopListening();
});

describe('the trial of a template', () => {
  it.each(TEMPLATES.map((template) => [template.flow.slug, template] as const))(
    '%s ends as it says',
    async (slug, template) => {
      const run = await tryOut(template);
      expect(run.status, JSON.stringify(run.error)).toBe(template.trial.ends);
      if (OUTPUTS[slug] !== undefined)
        expect({ output: run.output }).toMatchObject({ output: OUTPUTS[slug] });
    },
  );
});

describe('what a trial leaves behind', () => {
  it('a failed charge: the deal is lost again', async () => {
    const run = await tryOut(findTemplate('reserve-charge-undo')!);
    const undone = await waitFor('the undoing', async () => {
      const { steps } = await readRun(run.id);
      return steps.find(({ nodeId, status }) => nodeId === 'release' && status === 'succeeded');
    });
    expect(undone).toBeDefined();
    const { data } = (await (await callAcme(acme, token, '/deals?limit=100')).json()) as {
      data: { title: string; stage: string }[];
    };
    expect(data.filter(({ title }) => title === 'Order A-1042').map(({ stage }) => stage)).not.toContain(
      'proposal',
    );
  });

  it('a failed import: a run of the flow that records it', async () => {
    await tryOut(findTemplate('import-with-alarm')!);
    const run = await waitFor('the record of the failure', async () =>
      ended(await runsOf('record-a-failure')),
    );
    expect((await readRun(run.id)).output).toMatchObject({
      text: 'import-with-alarm failed: prices.csv has no rows.',
    });
  });

  it('a list with a bad row: a failed run for that row alone', async () => {
    const runs = await waitFor('three rows', async () => {
      const all = await runsOf('import-a-contact');
      return all.length >= 3 && all.every(isEnded) && all;
    });
    expect(runs.map(({ status }) => status).sort()).toEqual(['failed', 'succeeded', 'succeeded']);
  });

  it('an approval that is granted: the deal moves on', async () => {
    const run = await tryOut(findTemplate('approve-large-deals')!);
    const { body } = await callApi(`GET /approvals?status=open&run=${run.id}`, { key });
    const [approval] = (body as { data: { id: string; question: string }[] }).data;
    expect(approval?.question).toBe('Go on with “Lamps for forty shops” for 18,400 EUR?');
    await callApi(`POST /approvals/${approval!.id}/decide`, { key, body: { decision: 'approved' } });
    const done = await waitFor('the end', async () => {
      const read = await readRun(run.id);
      return isEnded(read) && read;
    });
    expect(done).toMatchObject({ status: 'succeeded', output: { id: 'deal_sample1', stage: 'qualified' } });
  });
});

/** Makes the flows of a template as the gallery does, and runs its draft with its sample payload. */
async function tryOut(template: Template): Promise<TrialRun> {
  const made = makeFromTemplate(template, {
    catalog,
    connections: { acme: 'crm', signing_secret: 'signed' },
    freeSlug: (slug) => slug,
  });
  for (const helper of made.helpers) {
    await call(`PUT /flows/${helper.slug}`, helper);
    await call(`POST /flows/${helper.slug}/publish`, {});
  }
  const { slug } = made.flow;
  const text = JSON.stringify(made.flow).replaceAll(PLACEHOLDER_ADDRESS, fixture.sink.url);
  await call(`PUT /flows/${slug}`, JSON.parse(text));
  const { id } = (await call(`POST /flows/${slug}/runs`, {
    input: template.trial.input,
    version: 'draft',
  })) as TrialRun;
  return waitFor(
    `the trial of ${slug}`,
    async () => {
      const run = await readRun(id);
      const isThere = isEnded(run) || (run.status === 'waiting' && (await isAsking(id)));
      return isThere && run;
    },
    40_000,
  );
}

/** A run waits also for its next attempt; what a trial waits for is a person. */
async function isAsking(runId: string): Promise<boolean> {
  const { body } = await callApi(`GET /approvals?status=open&run=${runId}`, { key });
  return (body as { data: unknown[] }).data.length > 0;
}

const isEnded = ({ status }: { readonly status: string }) =>
  ['succeeded', 'failed', 'cancelled'].includes(status);
const ended = (runs: readonly TrialRun[]) => runs.find(isEnded);

async function readRun(id: string): Promise<TrialRun> {
  return (await call(`GET /runs/${id}`)) as TrialRun;
}

async function runsOf(slug: string): Promise<readonly TrialRun[]> {
  return ((await call(`GET /runs?flow=${slug}`)) as { data: readonly TrialRun[] }).data;
}

async function call(path: string, body?: unknown): Promise<unknown> {
  const reply = await callApi(path, { key, body });
  if (reply.status >= 300) throw new Error(`${path} answered ${reply.status}: ${JSON.stringify(reply.body)}`);
  return reply.body;
}
