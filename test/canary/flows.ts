import type { FlowDocument, FlowNode } from '#core/flow-document.ts';
import type { JsonObject } from '#core/json.ts';
import type { CanaryAccount } from './accounts.ts';
import type { TellTale } from './far-end.ts';

const START: FlowNode = { id: 'start', type: 'core.manual', version: 1, config: {} };

/** Ways for a call to end, each with the address that it leads to. */
export function endings({ http, https, garbage }: TellTale): Readonly<Record<string, string>> {
  return {
    fine: `${http}/status/200`,
    'fine-text': `${http}/text/200`,
    unauthorized: `${http}/status/401`,
    'unauthorized-text': `${http}/text/401`,
    forbidden: `${http}/status/403`,
    throttled: `${http}/status/429`,
    broken: `${http}/status/500`,
    'broken-text': `${http}/text/503`,
    redirected: `${http}/elsewhere`,
    loop: `${http}/loop`,
    slow: `${http}/slow`,
    cut: `${http}/cut`,
    garbage: `${garbage}/`,
    tls: `${https}/status/200`,
    refused: 'http://127.0.0.1:1/',
    denied: 'http://169.254.169.254/latest/',
    unknown: 'http://nowhere.invalid/',
    bug: `${http}/bug`,
  };
}

/** One flow for each account and ending: what fails goes to a flow for failures, and the mail of an approval. */
export function callingFlows(accounts: readonly CanaryAccount[], farEnd: TellTale): readonly FlowDocument[] {
  return accounts.flatMap(({ slug }) =>
    Object.entries(endings(farEnd)).map(([ending, url]) =>
      flow(`${slug}-${ending}`, [
        START,
        // A connection each: one that fails too often would hold the others back.
        call(`${slug}-${ending}`, { method: 'POST', url, body: { n: 1 } }),
        // What the far end said goes on, to the output and to people.
        { id: 'told', type: 'core.map', version: 1, config: { output: { $expr: 'steps.call' } } },
      ]),
    ),
  );
}

/** Addresses that are none, and headers that clash, decided by what arrives. */
export function crookedFlows(accounts: readonly CanaryAccount[]): readonly FlowDocument[] {
  return accounts.flatMap(({ slug }) => [
    flow(`${slug}-no-address`, [START, call(slug, { url: { $expr: '"http://" & "["' } })]),
    flow(`${slug}-bad-header`, [
      START,
      call(slug, { url: 'http://127.0.0.1:1/', headers: { 'X-Bad': { $expr: '"a\\nb"' } } }),
    ]),
    flow(`${slug}-clash`, [
      START,
      call(slug, { url: 'http://127.0.0.1:1/', headers: { Authorization: 'x', 'X-Api-Key': 'x' } }),
    ]),
  ]);
}

/** Mails and statements by the accounts of servers. */
export function serverFlows(accounts: readonly CanaryAccount[]): readonly FlowDocument[] {
  return accounts.map(({ slug, connector }) => {
    const config: JsonObject =
      connector === 'smtp'
        ? { to: ['ada@example.com'], subject: 'Hello', text: 'Hello' }
        : { sql: 'SELECT 1', values: [], isReadOnly: true };
    const type = connector === 'smtp' ? 'smtp.send' : `${connector}.query`;
    return flow(slug, [
      START,
      { id: 'call', type, version: 1, connection: slug, config, retry: { attempts: 1 }, timeoutSeconds: 5 },
    ]);
  });
}

/** Hooks, each with its scheme's secret. */
export function hookFlows(accounts: readonly CanaryAccount[]): readonly FlowDocument[] {
  return accounts.map(({ slug }) => {
    const scheme = slug.replace('signs-', '').replace('-', '_');
    const header = { hmac: 'X-Signature', token: 'X-Hook-Token' }[scheme];
    const verify: JsonObject = { scheme, ...(header !== undefined && { header }) };
    return {
      ...flow(slug, [
        { id: 'start', type: 'core.webhook', version: 1, connection: slug, config: { verify } },
        { id: 'told', type: 'core.map', version: 1, config: { output: { $expr: 'trigger' } } },
      ]),
    };
  });
}

/** Polls that are told who asks. */
export function pollFlows(accounts: readonly CanaryAccount[], { http }: TellTale): readonly FlowDocument[] {
  return accounts.flatMap(({ slug }) =>
    ['200', '401', '500'].map((status) =>
      flow(`${slug}-poll-${status}`, [
        {
          id: 'start',
          type: 'core.poll',
          version: 1,
          connection: slug,
          config: {
            request: { url: `${http}/status/${status}` },
            items: { $expr: '[reply.body]' },
            cursor: { $expr: 'reply.headers' },
            first: 'run',
            everySeconds: 3_600,
          },
        },
        { id: 'told', type: 'core.map', version: 1, config: { output: { $expr: 'trigger.body' } } },
      ]),
    ),
  );
}

/** Asks somebody by mail, with what a far end said. */
export function askingFlow({ slug }: CanaryAccount, { http }: TellTale): FlowDocument {
  return flow(`${slug}-asks`, [
    START,
    call(slug, { url: `${http}/text/200` }),
    {
      id: 'ask',
      type: 'core.approval',
      version: 1,
      config: {
        question: { $expr: '"May this go on? " & $substring(steps.call.body, 0, 1800)' },
        approvers: { emails: ['somebody@example.com'] },
      },
    },
  ]);
}

/** Gets the summary of each failed run. */
export const FAILURES: FlowDocument = flow('failures', [
  START,
  { id: 'told', type: 'core.map', version: 1, config: { output: { $expr: 'trigger.body' } } },
]);

function call(connection: string, config: JsonObject): FlowNode {
  return {
    ...{ id: 'call', type: 'http.request', version: 1, connection, config },
    ...{ retry: { attempts: 2, baseSeconds: 0.1, maxSeconds: 0.1 }, timeoutSeconds: 2 },
  };
}

function flow(slug: string, nodes: readonly FlowNode[]): FlowDocument {
  const settings = slug === 'failures' ? {} : { onFailure: 'failures' };
  const edges = nodes.slice(1).map(({ id }, index) => ({ from: nodes[index]!.id, to: id }));
  return {
    format: 1,
    name: slug,
    slug,
    description: '',
    settings,
    nodes: [...nodes],
    edges,
    notes: [],
    pins: {},
  };
}
