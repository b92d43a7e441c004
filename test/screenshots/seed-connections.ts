import { callProduct, type Call } from '#test/e2e/support/call-product.ts';
import { makeAuthority } from '#test/support/certificates.ts';
import type { Product } from '#test/support/product.ts';
import { query } from '#test/support/query.ts';
import { waitFor } from '#test/support/wait-for.ts';

/** What the pages about connections show. */
export interface ConnectionsSeeded {
  /** It waits for its connection. */
  readonly parkedRun: string;
  readonly links: { readonly open: string; readonly used: string; readonly expired: string };
  /** Consents by what came of them. */
  readonly outcomes: readonly { readonly name: string; readonly id: string }[];
  /** Begins a consent; resolves to where the person is sent. */
  authorizeUrl(): Promise<string>;
}

/** What a person does in the browser meanwhile. */
export interface Person {
  /** Grants access for the connection of this name. */
  connect(name: string): Promise<void>;
  /** Takes the last consent back at Acme. */
  revoke(): Promise<void>;
}

/** Makes connections of every kind and state, flows that use them, and a run that waits for one. */
export async function seedConnections(product: Product, person: Person): Promise<ConnectionsSeeded> {
  const call: Call = (what, body) => callProduct(product, what, body);
  await seedAccounts(call, product, person);
  const parkedRun = await parkRun(call, person);
  await person.connect('Acme of sales');
  await publish(call, leadsFlow());
  await publish(call, questionsFlow());
  await call('PUT /flows/broken-choices', { ...dealsFlow(), slug: 'broken-choices', name: 'Broken choices' });
  const links = await seedLinks(call, product);
  return {
    parkedRun,
    links,
    outcomes: await seedOutcomes(product),
    authorizeUrl: async () => (await call('POST /connections/acme-by-link/authorize', {})).url as string,
  };
}

async function seedAccounts(call: Call, product: Product, { connect }: Person): Promise<void> {
  const make = (slug: string, name: string, connector: string, fields = {}) =>
    call('POST /connections', { slug, name, connector, fields, owner: 'workspace' });
  await make('acme-of-marketing', 'Acme of marketing', 'acme');
  await connect('Acme of marketing');
  await make('acme-of-sales', 'Acme of sales', 'acme');
  await call('PUT /oauth-apps/github', { clientId: 'Iv1.8a61f9b3a7aba766', clientSecret: 'secret' });
  await call('PUT /oauth-apps/slack', { clientId: '2345678901.3456789012', clientSecret: 'secret' });
  await make('github-long', 'GitHub of the team that looks after the long names of things', 'github');
  await make('slack-team', 'Slack', 'slack');
  await query(
    product.databaseUrl,
    `update connection set status = 'ok', account_id = 'T1', account_label = 'Analytical engines', token_version = 1
     where slug = 'slack-team'`,
  );
  const { cert, key } = await (await makeAuthority()).client();
  await make('bank', 'Bank certificate', 'mtls', {
    baseUrl: 'https://bank.example.com',
    certificate: cert.trim(),
    privateKey: key.trim(),
  });
  await make('help-desk', 'Help desk', 'bearer_token', { token: 'sample-help-desk-token' });
  await call('PATCH /connections/help-desk', { budget: { calls: 20, seconds: 60 } });
  await call('PUT /app-hooks/notion', {});
  await call('PUT /app-hooks/slack', { secret: 'the signing secret' });
  await query(product.databaseUrl, `update app_hook set received_at = now() where connector = 'slack'`);
}

/** Its connection is taken back at the app before it runs. */
async function parkRun(call: Call, { revoke }: Person): Promise<string> {
  await publish(call, dealsFlow());
  await revoke();
  const { id } = await call('POST /flows/deals/runs', { input: { name: 'Kit Vale' } });
  await waitFor('the run to wait for its connection', async () => {
    const { steps } = (await call(`GET /runs/${id}`)) as { steps: { waitingFor?: string }[] };
    return steps.some(({ waitingFor }) => waitingFor === 'connection');
  });
  return id as string;
}

async function seedLinks(call: Call, product: Product): Promise<ConnectionsSeeded['links']> {
  await call('POST /connections', {
    slug: 'acme-by-link',
    name: 'Acme of a partner',
    connector: 'acme',
    owner: 'workspace',
  });
  const make = async (): Promise<string> =>
    (await call('POST /connections/acme-by-link/links', { purpose: 'To copy new leads into our billing' }))
      .url as string;
  const [open, used, expired] = [await make(), await make(), await make()];
  const change = (place: number, column: string) =>
    query(
      product.databaseUrl,
      `update connect_link set ${column} = now() - interval '1 hour'
       where id = (select id from connect_link order by created_at offset $1 limit 1)`,
      [place],
    );
  await change(1, 'used_at');
  await change(2, 'expires_at');
  return { open, used, expired };
}

const OUTCOMES = [
  ['connected', 'Acme is connected as Ada Park.'],
  ['denied', 'You did not allow it at Acme. Nothing was changed.'],
  [
    'wrong_account',
    'This connection is the account Ada Park at Acme; you signed in as Ben Ortiz. Nothing was changed.',
  ],
  ['missing_scope', 'You did not allow “Add and change deals”, which flows need. Nothing was changed.'],
  ['failed', 'Acme refused: the client is unknown (invalid_client). Nothing was changed.'],
] as const;

/** Copies of a consent that took place, each with another end. */
async function seedOutcomes(product: Product): Promise<ConnectionsSeeded['outcomes']> {
  return Promise.all(
    OUTCOMES.map(async ([name, message]) => {
      const rows = await query<{ id: string }>(
        product.databaseUrl,
        `insert into oauth_consent select (jsonb_populate_record(null::oauth_consent, to_jsonb(c) || jsonb_build_object(
           'id', gen_random_uuid(), 'state_hash', '\\x' || md5(random()::text),
           'outcome', jsonb_build_object('kind', $1::text, 'message', $2::text)))).*
         from (select * from oauth_consent where used_at is not null limit 1) c returning id`,
        [name, message],
      );
      return { name, id: rows[0]!.id };
    }),
  );
}

async function publish(call: Call, flow: { readonly slug: string }): Promise<void> {
  await call(`PUT /flows/${flow.slug}`, flow);
  await call(`POST /flows/${flow.slug}/publish`, {});
}

const node = (id: string, type: string, label: string, x: number, rest: object) => ({
  ...{ id, type, version: 1, label, position: { x, y: 0 } },
  ...rest,
});

function leadsFlow() {
  return {
    format: 1,
    name: 'New leads become deals',
    slug: 'new-leads',
    nodes: [
      node('event', 'acme.contact_created', 'Contact created', 0, { connection: 'acme-of-sales' }),
      node('map', 'core.map', 'Shape the deal', 300, {
        config: {
          output: {
            title: { $tpl: 'Deal with {{ trigger.body.data.name }}' },
            contact: { $expr: 'trigger.body.data.id' },
          },
        },
      }),
      node('deal', 'acme.create_deal', 'Open the deal', 600, {
        connection: 'acme-of-sales',
        config: {
          title: { $expr: 'steps.map.title' },
          contactId: { $expr: 'steps.map.contact' },
          amount: 500,
          stage: 'proposal',
        },
      }),
    ],
    edges: [
      { from: 'event', to: 'map' },
      { from: 'map', to: 'deal' },
    ],
  };
}

function dealsFlow() {
  return {
    format: 1,
    name: 'Deals by hand',
    slug: 'deals',
    nodes: [
      node('start', 'core.manual', 'Start', 0, {}),
      node('deal', 'acme.create_deal', 'Open the deal', 300, {
        connection: 'acme-of-marketing',
        config: {
          title: { $tpl: 'Deal with {{ trigger.body.name }}' },
          contactId: 'con_sample1',
          amount: 100,
          stage: 'proposal',
        },
      }),
    ],
    edges: [{ from: 'start', to: 'deal' }],
  };
}

function questionsFlow() {
  return {
    format: 1,
    name: 'Questions from Slack',
    slug: 'questions',
    nodes: [
      node('event', 'slack.message_posted', 'Message posted', 0, { connection: 'slack-team' }),
      node('map', 'core.map', 'Take the text', 300, {
        config: { output: { text: { $expr: 'trigger.body.text' } } },
      }),
    ],
    edges: [{ from: 'event', to: 'map' }],
  };
}
