import { describe, expect, it } from 'vitest';

import { applyOperation } from '#core/apply-operation.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import type { FlowOperation } from '#core/flow-operation.ts';
import { validateFlow } from '#core/validate-flow.ts';
import { catalog, goodFlow, node } from './flow-samples.ts';

function apply(flow: FlowDocument, operation: FlowOperation): FlowDocument {
  const applied = applyOperation(flow, operation, catalog);
  if (!applied.ok) throw new Error(JSON.stringify(applied.faults));
  expect(validateFlow(applied.flow, catalog).flow).toEqual(applied.flow);
  return applied.flow;
}

function refusal(flow: FlowDocument, operation: FlowOperation): readonly string[] {
  const before = structuredClone(flow);
  const applied = applyOperation(flow, operation, catalog);
  expect(flow).toEqual(before);
  return applied.ok ? [] : applied.faults.map(({ code, pointer }) => `${code} ${pointer}`.trim());
}

function nodeOf(flow: FlowDocument, id: string): FlowDocument['nodes'][number] | undefined {
  return flow.nodes.find((each) => each.id === id);
}

describe('applyOperation', () => {
  it('adds a node at the end and shares all the rest', () => {
    const flow = goodFlow();
    const next = apply(flow, {
      kind: 'add_node',
      node: node('extra', 'core.map', { label: undefined, config: { output: 1 } }),
    });
    expect(next.nodes.at(-1)).toEqual({ id: 'extra', type: 'core.map', version: 1, config: { output: 1 } });
    expect(Object.keys(next.nodes.at(-1) ?? {})).not.toContain('label');
    expect(next.nodes[0]).toBe(flow.nodes[0]);
    expect(next.edges).toBe(flow.edges);
    expect(flow.nodes).toHaveLength(7);
  });

  it.each<[string, FlowOperation, string]>([
    [
      'an id that is taken',
      { kind: 'add_node', node: node('map', 'core.map') },
      'node_id_duplicate /nodes/7/id',
    ],
    [
      'a second trigger',
      { kind: 'add_node', node: node('start', 'core.manual') },
      'several_triggers /nodes/7',
    ],
    [
      'an unknown type',
      { kind: 'add_node', node: node('x', 'core.nope') },
      'node_type_unknown /nodes/7/type',
    ],
    [
      'an unknown setting',
      { kind: 'add_node', node: node('x', 'core.map', { config: { otput: 1 } }) },
      'setting_unknown /nodes/7/config/otput',
    ],
    ['an id that is none', { kind: 'add_node', node: node('my node', 'core.map') }, 'id_invalid /nodes/7/id'],
    [
      'an edge that is not there',
      { kind: 'insert_on_edge', node: node('x', 'core.map'), edge: { from: 'hook', to: 'post' } },
      'edge_unknown',
    ],
    [
      'a node without a way on',
      { kind: 'insert_on_edge', node: node('x', 'core.stop'), edge: { from: 'hook', to: 'map' } },
      'node_leads_nowhere',
    ],
    ['removal of a node that is gone', { kind: 'remove_nodes', nodeIds: ['map', 'ghost'] }, 'node_unknown'],
    [
      'a move of a node that is gone',
      { kind: 'move_nodes', positions: { ghost: { x: 0, y: 0 } } },
      'node_unknown',
    ],
    [
      'a move to nowhere',
      { kind: 'move_nodes', positions: { map: { x: Number.NaN, y: 0 } } },
      'not_json /nodes/1/position/x',
    ],
    [
      'a setting of a node that is gone',
      { kind: 'set_config', nodeId: 'ghost', path: ['url'], value: 'x' },
      'node_unknown',
    ],
    [
      'a setting that there is not',
      { kind: 'set_config', nodeId: 'post', path: ['uri'], value: 'x' },
      'setting_unknown /nodes/3/config/uri',
    ],
    [
      'a setting below a text',
      { kind: 'set_config', nodeId: 'post', path: ['url', 'host'], value: 'x' },
      'setting_unreachable',
    ],
    [
      'a place in a list that is too far',
      { kind: 'set_config', nodeId: 'map', path: ['output', 'list', 1], value: 'x' },
      'setting_unreachable',
    ],
    [
      'a forbidden name',
      { kind: 'set_config', nodeId: 'map', path: ['output', '__proto__', 'x'], value: 1 },
      'forbidden_key',
    ],
    [
      'a forbidden name in a value',
      { kind: 'set_config', nodeId: 'map', path: ['output'], value: { constructor: 1 } },
      'forbidden_key /nodes/1/config/output/constructor',
    ],
    [
      'settings that are no object',
      { kind: 'set_config', nodeId: 'map', path: [], value: [1] },
      'setting_unreachable',
    ],
    [
      '$expr beside another key',
      { kind: 'set_config', nodeId: 'map', path: ['output'], value: { $expr: '1', a: 1 } },
      'value_mixed /nodes/1/config/output',
    ],
    [
      'an option that is none',
      { kind: 'set_options', nodeId: 'map', options: { id: 'other' } as object },
      'option_unknown',
    ],
    [
      'a retry out of range',
      { kind: 'set_options', nodeId: 'post', options: { retry: { attempts: 99 } } },
      'retry_invalid /nodes/3/retry/attempts',
    ],
    [
      'an undo that edges lead to',
      { kind: 'set_options', nodeId: 'post', options: { compensate: 'stop' } },
      'compensate_has_incoming /nodes/3/compensate',
    ],
    ['a circle', { kind: 'add_edge', edge: { from: 'post', to: 'map' } }, 'cycle /edges/5'],
    [
      'an edge that is there',
      { kind: 'add_edge', edge: { from: 'hook', port: 'out', to: 'map' } },
      'edge_duplicate /edges/5',
    ],
    [
      'an edge from a port that there is not',
      { kind: 'add_edge', edge: { from: 'check', to: 'stop' } },
      'edge_from_unknown_port /edges/5/port',
    ],
    [
      'removal of an edge that is gone',
      { kind: 'remove_edges', edges: [{ from: 'hook', to: 'post' }] },
      'edge_unknown',
    ],
    [
      'settings out of range',
      { kind: 'set_settings', settings: { timeoutSeconds: -1 } },
      'timeout_invalid /settings/timeoutSeconds',
    ],
    ['an empty name', { kind: 'describe_flow', name: '' }, 'out_of_range /name'],
    [
      'a note that is too long',
      { kind: 'put_note', note: { id: 'n2', text: 'x'.repeat(10_001), position: { x: 0, y: 0 } } },
      'out_of_range /notes/1/text',
    ],
    ['removal of a note that is gone', { kind: 'remove_notes', noteIds: ['n9'] }, 'note_unknown'],
    [
      'a pasted trigger',
      { kind: 'paste', fragment: { nodes: [node('h', 'core.manual')], edges: [] }, offset: { x: 0, y: 0 } },
      'several_triggers /nodes/7',
    ],
    [
      'a pasted edge that hangs in the air',
      {
        kind: 'paste',
        fragment: { nodes: [node('h', 'core.map')], edges: [{ from: 'h', to: 'map' }] },
        offset: { x: 0, y: 0 },
      },
      'edge_to_unknown_node',
    ],
    [
      'two pasted nodes of one id',
      {
        kind: 'paste',
        fragment: { nodes: [node('h', 'core.map'), node('h', 'core.map')], edges: [] },
        offset: { x: 0, y: 0 },
      },
      'node_id_duplicate',
    ],
  ])('refuses %s', (_, operation, fault) => {
    expect(refusal(goodFlow(), operation)).toEqual([fault]);
  });

  it('inserts on an edge, from the first port of the new node', () => {
    const next = apply(goodFlow(), {
      kind: 'insert_on_edge',
      node: node('gate', 'core.if'),
      edge: { from: 'check', port: 'true', to: 'post' },
    });
    expect(next.edges.slice(2, 4)).toEqual([
      { from: 'check', port: 'true', to: 'gate' },
      { from: 'gate', port: 'true', to: 'post' },
    ]);
    expect(next.edges).toHaveLength(6);
  });

  it('takes edges, pins, compensations and the inside of loops along when nodes go', () => {
    const flow = goodFlow();
    const looped: FlowDocument = {
      ...flow,
      nodes: [
        ...flow.nodes,
        node('each', 'test.each'),
        node('inner', 'test.each', { parent: 'each' }),
        node('leaf', 'core.map', { parent: 'inner' }),
      ],
      pins: { map: 1, leaf: 2 },
      pinSets: { one: { map: { output: 1 }, leaf: { output: 2 } }, two: { leaf: { output: 2 } } },
    };
    const next = apply(looped, { kind: 'remove_nodes', nodeIds: ['undo', 'each', 'check'] });
    expect(next.nodes.map(({ id }) => id)).toEqual(['hook', 'map', 'post', 'put', 'stop']);
    expect(nodeOf(next, 'post')).not.toHaveProperty('compensate');
    expect(next.edges).toEqual([
      { from: 'hook', to: 'map' },
      { from: 'put', port: 'error', to: 'stop' },
    ]);
    expect(next.pins).toEqual({ map: 1 });
    expect(next.pinSets).toEqual({ one: { map: { output: 1 } } });
  });

  it('sets, extends and removes settings at any depth', () => {
    let flow = goodFlow();
    flow = apply(flow, {
      kind: 'set_config',
      nodeId: 'map',
      path: ['output', 'lines', 0, 'sku'],
      value: { $expr: 'trigger.body.sku' },
    });
    flow = apply(flow, { kind: 'set_config', nodeId: 'map', path: ['output', 'lines', 1], value: 'second' });
    flow = apply(flow, { kind: 'set_config', nodeId: 'map', path: ['output', 'id'], value: undefined });
    expect(nodeOf(flow, 'map')?.config['output']).toEqual({
      title: { $tpl: 'Order {{ trigger.body.number }}' },
      lines: [{ sku: { $expr: 'trigger.body.sku' } }, 'second'],
    });
    flow = apply(flow, { kind: 'set_config', nodeId: 'map', path: ['output', 'lines', 0], value: undefined });
    expect(nodeOf(flow, 'map')?.config['output']).toMatchObject({ lines: ['second'] });
    flow = apply(flow, { kind: 'set_config', nodeId: 'map', path: [], value: undefined });
    expect(nodeOf(flow, 'map')?.config).toEqual({});
  });

  it('sets and removes options, and takes the edges of an error port along when it closes', () => {
    const flow = apply(goodFlow(), {
      kind: 'set_options',
      nodeId: 'put',
      options: { label: 'Store', onError: undefined, retry: { attempts: 2 } },
    });
    expect(nodeOf(flow, 'put')).toMatchObject({ label: 'Store', retry: { attempts: 2 } });
    expect(nodeOf(flow, 'put')).not.toHaveProperty('onError');
    expect(flow.edges.some((edge) => edge.port === 'error')).toBe(false);
  });

  it('removes edges whether or not they spell the default port out', () => {
    const flow = apply(goodFlow(), {
      kind: 'remove_edges',
      edges: [
        { from: 'hook', port: 'out', to: 'map' },
        { from: 'map', to: 'check' },
      ],
    });
    expect(flow.edges).toHaveLength(3);
  });

  it('edits name, description, settings and notes', () => {
    let flow = apply(goodFlow(), { kind: 'describe_flow', name: 'Other' });
    flow = apply(flow, { kind: 'set_settings', settings: {} });
    flow = apply(flow, { kind: 'put_note', note: { id: 'n1', text: 'changed', position: { x: 1, y: 1 } } });
    flow = apply(flow, { kind: 'put_note', note: { id: 'n2', text: 'new', position: { x: 1, y: 1 } } });
    expect(flow).toMatchObject({
      name: 'Other',
      description: '',
      settings: {},
      notes: [{ text: 'changed' }, { id: 'n2' }],
    });
    expect(apply(flow, { kind: 'remove_notes', noteIds: ['n1', 'n2'] }).notes).toEqual([]);
  });

  it.each<[string, FlowOperation]>([
    ['a move to the same place', { kind: 'move_nodes', positions: { map: { x: 200, y: 0 } } }],
    ['the same value', { kind: 'set_config', nodeId: 'post', path: ['method'], value: 'POST' }],
    [
      'removal of a setting that is not there',
      { kind: 'set_config', nodeId: 'post', path: ['query', 'page'], value: undefined },
    ],
    ['the same name', { kind: 'describe_flow', name: 'Order fan-out' }],
    ['nothing to remove', { kind: 'remove_nodes', nodeIds: [] }],
    ['nothing to paste', { kind: 'paste', fragment: { nodes: [], edges: [] }, offset: { x: 1, y: 1 } }],
  ])('gives the same object back for %s', (_, operation) => {
    const flow = goodFlow();
    expect(apply(flow, operation)).toBe(flow);
  });
});
