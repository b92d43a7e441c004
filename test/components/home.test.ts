import { describe, expect, it } from 'vitest';

import { attentionKinds, type AttentionSources } from '#components/home/attention-kinds.ts';
import { firstSteps } from '#components/home/first-step-list.ts';
import type { Alert } from '#core/api/alerts.ts';
import type { Approval } from '#core/api/approvals.ts';
import type { DeadLetterGroup } from '#core/api/dead-letters.ts';
import type { DriftChange } from '#core/api/drift.ts';
import type { FlowSummary } from '#core/api/flows.ts';
import type { RunSummary } from '#core/api/runs.ts';

const AT = '2026-01-15T09:30:00.000Z';
const nothing: AttentionSources = {
  alerts: [],
  inDoubt: [],
  hasMoreInDoubt: false,
  deadLetters: { data: [], total: 0, from: AT, to: AT },
  atRisk: [],
  flows: [],
  approvals: [],
  drift: [],
};

const run = { id: 'r1', flowName: 'Orders', createdAt: AT } as RunSummary;
const group = (changes: Partial<DeadLetterGroup>): DeadLetterGroup => ({
  ...{ flow: 'orders', flowName: 'Orders', nodeId: 'post', nodeLabel: 'Post', errorKind: 'invalid' },
  ...{ cause: 'http_status 404', count: 1, firstAt: AT, lastAt: AT, message: 'Not found', sampleRunId: 'r2' },
  ...{ buckets: [], ...changes },
});
const flow = (changes: Partial<FlowSummary>) =>
  ({
    slug: 'orders',
    name: 'Orders',
    trigger: null,
    poll: null,
    subscription: null,
    ...changes,
  }) as FlowSummary;
const fault = { kind: 'transient', code: 'network', message: 'It does not answer.' } as const;
const poll = { nextAt: AT, askedAt: AT, answeredAt: null, found: null, failures: 3, error: fault };
const approval = (id: string, canDecide: boolean) =>
  ({ id, question: 'Send it?', flowName: 'Orders', runId: 'r3', createdAt: AT, canDecide }) as Approval;

const change = (kind: DriftChange['kind']) =>
  ({
    id: kind,
    flow: 'orders',
    flowName: 'Orders',
    kind,
    message: '',
    breaks: [],
    firstSeenAt: AT,
  }) as unknown as DriftChange;

const alert = {
  ...{ id: 'a', kind: 'error_rate', flow: 'orders', title: 'Orders: 40 % of runs fail', detail: '' },
  ...{ openedAt: AT, runId: 'r2', nodeId: 'post' },
} as Alert;

describe('what needs attention', () => {
  it('is nothing where all is well', () => {
    expect(attentionKinds({ ...nothing, flows: [flow({})] })).toEqual([]);
  });

  it('is told the gravest first, each with the way to where it is mended', () => {
    const kinds = attentionKinds({
      alerts: [alert],
      drift: [change('nulled'), change('added')],
      inDoubt: [run],
      hasMoreInDoubt: false,
      deadLetters: { ...nothing.deadLetters, data: [group({})], total: 1 },
      atRisk: [
        {
          ...{ slug: 'crm', name: 'CRM', connector: 'acme', flows: ['orders'], waitingSteps: 0 },
          risks: [{ code: 'ends', message: 'Its access ends.', at: AT }],
        },
      ],
      flows: [flow({ poll })],
      approvals: [approval('a1', true)],
    });
    expect(kinds.map(({ title, items }) => [title, items[0]?.href])).toEqual([
      ['1 alert is open', '/runs/r2?node=post'],
      ['1 run is in doubt', '/runs/r1'],
      ['1 failed run waits', expect.stringMatching(/^\/dead-letters\?flow=orders/)],
      ['1 change in what flows get', '/drift?flow=orders'],
      ['1 connection needs somebody', '/connections'],
      ['1 flow gets no events', '/flows/orders'],
      ['1 approval waits for you', '/runs/r3'],
    ]);
    expect(kinds[4]?.items[0]).toMatchObject({
      detail: 'Its access ends. Used by orders.',
      isUpcoming: true,
    });
  });

  it('counts the runs of dead letters, lists the newest cause first, and says how many more there are', () => {
    const data = [1, 2, 3, 4].map((day) =>
      group({ cause: `http_status 40${day}`, count: 10, lastAt: `2026-01-0${day}T00:00:00.000Z` }),
    );
    const [kind] = attentionKinds({ ...nothing, deadLetters: { ...nothing.deadLetters, data, total: 40 } });
    expect(kind).toMatchObject({ title: '40 failed runs wait', more: 1 });
    expect(kind?.items.map(({ at }) => at?.slice(0, 10))).toEqual(['2026-01-04', '2026-01-03', '2026-01-02']);
  });

  it('leaves out approvals that others decide, and subscriptions that are well', () => {
    const subscription = {
      ...{ app: 'Acme', connection: 'crm', registeredAt: AT, expiresAt: null, nextAt: null, fault: null },
      status: 'active',
    } as const;
    const flows = [flow({ subscription, trigger: 'acme.deal_created' })];
    expect(attentionKinds({ ...nothing, flows, approvals: [approval('a1', false)] })).toEqual([]);
  });

  it('has flows whose app does not send', () => {
    const subscription = {
      ...{ app: 'Acme', connection: 'crm', registeredAt: null, expiresAt: null, nextAt: AT, fault },
      status: 'failed',
    } as const;
    const [kind] = attentionKinds({
      ...nothing,
      flows: [flow({ subscription, trigger: 'acme.deal_created' })],
    });
    expect(kind?.items[0]?.detail).toBe('Acme could not be asked for its events: It does not answer.');
  });
});

describe('the first steps', () => {
  const start = { flows: [], connections: [], isAcmeHere: true, latestRun: null, hasSeenRun: false };
  const done = (sources: Parameters<typeof firstSteps>[0]) =>
    firstSteps(sources)
      .filter(({ isDone }) => isDone)
      .map(({ id }) => id);

  it('are ticked off from what there is', () => {
    expect(done(start)).toEqual([]);
    const flows = [{ slug: 'orders', updatedAt: AT }];
    expect(done({ ...start, flows })).toEqual(['flow']);
    const connections = [{ connector: 'acme', status: 'ok' }] as const;
    expect(done({ ...start, flows, connections, latestRun: { id: 'r1' } })).toEqual([
      'flow',
      'acme',
      'event',
    ]);
    expect(done({ ...start, flows, connections, latestRun: { id: 'r1' }, hasSeenRun: true })).toHaveLength(4);
  });

  it('lead nowhere while something else comes first', () => {
    const byId = new Map(firstSteps(start).map((step) => [step.id, step.href]));
    expect(byId.get('flow')).toBe('/templates');
    expect([byId.get('event'), byId.get('look')]).toEqual([null, null]);
  });

  it('leave the sandbox app out where it does not run', () => {
    expect(firstSteps({ ...start, isAcmeHere: false }).map(({ id }) => id)).toEqual([
      'flow',
      'event',
      'look',
    ]);
  });
});
