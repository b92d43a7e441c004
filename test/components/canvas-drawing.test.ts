import { describe, expect, it } from 'vitest';

import { createEdgeDeriver } from '#components/canvas/derive-edges.ts';
import { createNodeDeriver } from '#components/canvas/derive-nodes.ts';
import type { NodeSources } from '#components/canvas/derive-nodes.ts';
import { MANY_NODES } from '#components/canvas/expected-handles.ts';
import { groupFaults } from '#components/canvas/group-faults.ts';
import { nodeSummary } from '#components/canvas/node-summary.ts';
import { startView } from '#components/canvas/start-view.ts';
import type { NodeRunState } from '#components/canvas/node-run-state.ts';
import { catalog } from '#connectors/definitions.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import type { JsonObject } from '#core/json.ts';
import { validateFlow } from '#core/validate-flow.ts';
import { orderFlow, testEdge, testNode, withNode } from '#test/support/editor-flow.ts';

// The document's parts are shared between edits, as in the editor.
const FLOW = orderFlow();
const sources = (rest: Partial<NodeSources> = {}): NodeSources => ({
  document: FLOW,
  mode: 'edit',
  selectedNodeIds: new Set(),
  measured: new Map(),
  ...rest,
});
const state = (status: NodeRunState['status'], rest: Partial<NodeRunState> = {}): NodeRunState => ({
  status,
  attempts: 1,
  durationMs: 12,
  nextAttemptAt: null,
  ...rest,
});

describe('drawn nodes', () => {
  it('stay the same objects while nothing of them changes', () => {
    const derive = createNodeDeriver(catalog);
    const first = derive(sources());
    const again = derive(sources());
    expect(again.every((node, index) => node === first[index])).toBe(true);
  });

  it('change alone: a label, a drag and a selection redraw one node', () => {
    const derive = createNodeDeriver(catalog);
    const document = orderFlow();
    const first = derive(sources({ document }));
    const unchanged = (next: typeof first) =>
      next.filter((node, index) => node === first[index]).map(({ id }) => id);
    expect(unchanged(derive(sources({ document: withNode(document, 'if', { label: 'Big?' }) })))).toEqual([
      'hook',
      'map',
      'post',
    ]);
    derive(sources({ document }));
    expect(unchanged(derive(sources({ document, dragged: { post: { x: 1, y: 1 } } })))).not.toContain('post');
  });

  it('keep their data while they are dragged, so that the card is not drawn anew', () => {
    const derive = createNodeDeriver(catalog);
    const [, before] = derive(sources());
    const [, after] = derive(sources({ dragged: { map: { x: 5, y: 5 } } }));
    expect(after).not.toBe(before);
    expect(after?.data).toBe(before?.data);
    expect(after?.position).toEqual({ x: 5, y: 5 });
  });

  it('of a large flow have their handles before they are drawn: one for each end of an edge', () => {
    const filler = Array.from({ length: MANY_NODES }, (_, index) => testNode(`n${index}`, 'core.map'));
    const document: FlowDocument = {
      ...FLOW,
      nodes: [
        ...FLOW.nodes,
        testNode('each', 'core.each', { onError: 'branch' }),
        testNode('book', 'http.request', { compensate: 'cancel', onError: 'branch' }),
        testNode('cancel', 'http.request'),
        ...filler,
      ],
      edges: [
        ...FLOW.edges,
        ...['if.false>each', 'each>book', 'each.error>n0', 'book.error>n1'].map(testEdge),
      ],
    };
    const derive = createNodeDeriver(catalog);
    const size = { width: 240, height: 66 };
    const nodes = derive(sources({ document, measured: new Map([['n0', size]]) }));
    const handlesOf = (id: string) => nodes.find((node) => node.id === id)?.handles;
    for (const edge of createEdgeDeriver()({ document, mode: 'edit' })) {
      const end = (type: string, id: string | null | undefined) => expect.objectContaining({ type, id });
      expect(handlesOf(edge.source)).toContainEqual(end('source', edge.sourceHandle));
      // What was drawn is measured there.
      if (edge.target === 'n0') expect(handlesOf('n0')).toBeUndefined();
      else expect(handlesOf(edge.target)).toContainEqual(end('target', edge.targetHandle));
    }
    expect(handlesOf('hook')?.map(({ id }) => id)).toEqual(['out']);
    expect(nodes.every(({ measured }) => measured !== undefined)).toBe(true);
    const again = derive(sources({ document, measured: new Map([['n0', size]]) }));
    expect(again.every((node, index) => node === nodes[index])).toBe(true);
    // A small one is measured as a whole.
    expect(createNodeDeriver(catalog)(sources()).some(({ measured, handles }) => measured ?? handles)).toBe(
      false,
    );
  });

  it('know their free ports', () => {
    const derive = createNodeDeriver(catalog);
    const free = Object.fromEntries(derive(sources()).map(({ id, data }) => [id, data.freePorts]));
    expect(free).toEqual({ hook: [], map: [], if: ['false'], post: ['out'] });
  });

  it('say what they are, how they fared and what is wrong', () => {
    const document = withNode(orderFlow(), 'post', { config: { url: '' } });
    const faultsByNode = groupFaults(validateFlow(document, catalog).faults);
    const derive = createNodeDeriver(catalog);
    const labels = derive(
      sources({ document, faultsByNode, states: new Map([['hook', state('in_doubt')]]) }),
    ).map(({ ariaLabel }) => ariaLabel);
    expect(labels[0]).toBe('New order, core.webhook, in doubt');
    expect(labels[3]).toBe('HTTP request, http.request, 1 fault');
  });

  it('are one stop for the Tab key: the selected one, else the first', () => {
    const derive = createNodeDeriver(catalog);
    const stops = (selected: string[]) =>
      derive(sources({ selectedNodeIds: new Set(selected) }))
        .filter(({ domAttributes }) => domAttributes?.tabIndex === 0)
        .map(({ id }) => id);
    expect(stops([])).toEqual(['hook']);
    expect(stops(['if'])).toEqual(['if']);
  });
});

describe('drawn edges', () => {
  it('stay the same objects while nothing of them changes', () => {
    const derive = createEdgeDeriver();
    const document = orderFlow();
    const first = derive({ document, mode: 'edit' });
    const again = derive({ document, mode: 'edit', selectedEdgeIds: new Set(['map.out>if']) });
    expect(again.map((edge, index) => edge === first[index])).toEqual([true, false, true]);
  });

  it('leave from the port’s handle', () => {
    const [, , edge] = createEdgeDeriver()({ document: orderFlow(), mode: 'edit' });
    expect(edge).toMatchObject({
      id: 'if.true>post',
      source: 'if',
      sourceHandle: 'true',
      target: 'post',
      targetHandle: 'in',
    });
  });

  it('show which way a run went', () => {
    const states = new Map([
      ['hook', state('succeeded')],
      ['map', state('running')],
      ['if', state('succeeded', { ports: ['false'] })],
    ]);
    const taken = createEdgeDeriver()({ document: orderFlow(), mode: 'run', states }).map(
      ({ data }) => data?.isTaken,
    );
    expect(taken).toEqual([true, false, false]);
    expect(createEdgeDeriver()({ document: orderFlow(), mode: 'edit' })[0]?.data?.isTaken).toBeUndefined();
  });
});

describe('faults by node', () => {
  const faults = validateFlow(withNode(orderFlow(), 'post', { config: {} }), catalog).faults;
  it('keep a node’s list while it says the same', () => {
    const first = groupFaults(faults);
    expect(groupFaults(structuredClone(faults), first).get('post')).toBe(first.get('post'));
  });
});

describe('the line under a node’s name', () => {
  it.each<[string, JsonObject, string]>([
    [
      'http.request',
      { method: 'POST', url: 'https://api.example.com/orders/?x=1' },
      'POST api.example.com/orders',
    ],
    ['http.request', { url: { $tpl: 'https://x.test/{{ trigger.id }}' } }, 'GET x.test/{{ trigger.id }}'],
    ['http.request', { method: { $expr: 'vars.method' } }, 'vars.method'],
    ['core.webhook', {}, 'POST · no signature check'],
    ['core.webhook', { method: 'ANY', verify: { scheme: 'github' } }, 'ANY · GitHub signature'],
    [
      'core.poll',
      { request: { method: 'GET', url: 'https://api.example.com/orders' }, everySeconds: 300 },
      'every 5 min · GET api.example.com/orders',
    ],
    ['core.map', { output: { id: 1, title: '' } }, 'id, title'],
    ['core.map', { output: { $expr: 'trigger.\n  body' } }, 'trigger. body'],
    ['core.if', { condition: { $expr: 'a > 1' } }, 'a > 1'],
    ['core.respond', { status: 201, body: { $expr: 'steps.map' } }, '201 steps.map'],
    ['core.stop', { status: 'failed', message: 'No stock' }, 'failed: No stock'],
    ['core.filter', {}, ''],
    ['other.thing', { channel: '#ops', text: 'Hi', more: 1 }, '#ops · Hi'],
    ['slack.app_mentioned', { onDrift: 'quarantine', channel: 'C0123456789' }, 'C0123456789'],
  ])('%s %j', (type, config, summary) => {
    expect(nodeSummary(testNode('n', type, { config }))).toBe(summary);
  });
});

describe('the first look', () => {
  const room = { width: 800, height: 600 };
  const row = (count: number, selected?: number) => {
    const nodes = Array.from({ length: count }, (_, index) =>
      testNode(`n${index}`, 'core.map', { position: { x: 100 + index * 320, y: 50 } }),
    );
    const selectedNodeIds = new Set(selected === undefined ? [] : [`n${selected}`]);
    return createNodeDeriver(catalog)(
      sources({ document: orderFlow({ nodes, edges: [] }), selectedNodeIds }),
    );
  };

  it('takes in all of a flow that can be read so', () => {
    expect(startView(row(3), room)).toBeUndefined();
    expect(startView([], room)).toBeUndefined();
  });

  it('is at the beginning of a larger one', () => {
    const view = startView(row(40), room);
    if (!view) throw new Error('no view');
    expect(100 * view.zoom + view.x).toBeCloseTo(48);
    expect((50 + 32) * view.zoom + view.y).toBeCloseTo(300);
    expect(view.zoom).toBeGreaterThan(0.5);
  });

  it('is at the selected node where there is one', () => {
    const view = startView(row(40, 20), room);
    if (!view) throw new Error('no view');
    expect((100 + 20 * 320 + 120) * view.zoom + view.x).toBeCloseTo(400);
  });
});

describe('what stands on an edge', () => {
  it('is how often the run went that way, and when a case of a switch holds', () => {
    const flow = orderFlow({
      nodes: [
        testNode('start', 'core.manual'),
        testNode('switch', 'core.switch', {
          config: {
            cases: [{ port: 'large', when: { $expr: 'trigger.total > 1000 and trigger.country = "DE"' } }],
            mode: 'first',
          },
        }),
        testNode('tell', 'core.map'),
      ],
      edges: ['start>switch', 'switch.large>tell', 'switch.default>tell'].map(testEdge),
    });
    const states = new Map([['switch', state('succeeded', { followed: { large: 12 } })]]);
    const [first, large, other] = createEdgeDeriver()({ document: flow, mode: 'run', states });
    expect(first?.data).toMatchObject({ condition: '', count: undefined });
    expect(large?.data).toMatchObject({ condition: 'trigger.total > 1000 and tr…', count: 12 });
    expect(other?.data).toMatchObject({ condition: '', count: undefined });
  });
});
