import { describe, expect, it } from 'vitest';

import type { Fault } from '#core/fault.ts';
import { validateFlow } from '#core/validate-flow.ts';
import { catalog, goodFlow, node } from './flow-samples.ts';

/** The good flow, open to anything. */
interface Draft {
  nodes: Record<string, unknown>[];
  edges: Record<string, unknown>[];
  notes: Record<string, unknown>[];
  [key: string]: unknown;
}

/** A way to break the good flow, and the one fault that must then be listed. */
type Case = readonly [
  name: string,
  breakIt: (flow: Draft) => unknown,
  fault: readonly [code: string, pointer: string],
];

function deep(levels: number): unknown {
  return levels === 0 ? 1 : { a: deep(levels - 1) };
}

const withOwnProto = (): unknown => JSON.parse('{"output": {"__proto__": {"admin": true}}}');

const REFUSED: readonly Case[] = [
  ['a text instead of a document', () => 'flow', ['not_a_document', '']],
  ['a list instead of a document', () => [], ['not_a_document', '']],
  ['another format', (flow) => (flow['format'] = 2), ['format_unknown', '/format']],
  ['no name', (flow) => delete flow['name'], ['missing', '/name']],
  ['an empty name', (flow) => (flow['name'] = ''), ['out_of_range', '/name']],
  ['a name that is a number', (flow) => (flow['name'] = 7), ['wrong_type', '/name']],
  ['a bad slug', (flow) => (flow['slug'] = 'Order Fan'), ['slug_invalid', '/slug']],
  ['an unknown key at the top', (flow) => (flow['owner'] = 'x'), ['unknown_key', '/owner']],
  [
    'an unknown key of a node',
    (flow) => (flow.nodes[1]!['colour'] = 'red'),
    ['unknown_key', '/nodes/1/colour'],
  ],
  ['an unknown key of an edge', (flow) => (flow.edges[0]!['label'] = 'x'), ['unknown_key', '/edges/0/label']],
  ['an unknown key of the settings', (flow) => (flow['settings'] = { x: 1 }), ['unknown_key', '/settings/x']],
  [
    'an unknown key of retry',
    (flow) => (flow.nodes[3]!['retry'] = { attempts: 1, x: 1 }),
    ['unknown_key', '/nodes/3/retry/x'],
  ],
  [
    'an unknown key of a position',
    (flow) => (flow.nodes[1]!['position'] = { x: 1, y: 1, z: 1 }),
    ['unknown_key', '/nodes/1/position/z'],
  ],
  [
    'an unknown key of a note',
    (flow) => (flow.notes = [{ ...flow.notes[0]!, colour: 1 }]),
    ['unknown_key', '/notes/0/colour'],
  ],
  [
    'an unknown setting of a node',
    (flow) => (flow.nodes[3]!['config'] = { url: 'https://a.example', metod: 'GET' }),
    ['setting_unknown', '/nodes/3/config/metod'],
  ],
  [
    'an unknown setting further down',
    (flow) => (flow.nodes[0]!['config'] = { verify: { scheme: 'github', secret: 'x' } }),
    ['setting_unknown', '/nodes/0/config/verify/secret'],
  ],
  ['nodes that are no list', (flow) => Object.assign(flow, { nodes: {} }), ['wrong_type', '/nodes']],
  ['a node without a type', (flow) => delete flow.nodes[1]!['type'], ['missing', '/nodes/1/type']],
  ['a node without a version', (flow) => delete flow.nodes[1]!['version'], ['missing', '/nodes/1/version']],
  ['a node id with a hyphen', (flow) => (flow.nodes[1]!['id'] = 'my-map'), ['id_invalid', '/nodes/1/id']],
  [
    'a node id that starts with a digit',
    (flow) => (flow.nodes[1]!['id'] = '1map'),
    ['id_invalid', '/nodes/1/id'],
  ],
  [
    'a node id twice',
    (flow) => flow.nodes.push({ ...node('map', 'core.map', { config: { output: 1 } }) }),
    ['node_id_duplicate', '/nodes/7/id'],
  ],
  [
    'a node called constructor',
    (flow) => flow.nodes.push({ ...node('constructor', 'core.map', { config: { output: 1 } }) }),
    ['node_id_forbidden', '/nodes/7/id'],
  ],
  [
    'a type that names no connector',
    (flow) => (flow.nodes[1]!['type'] = 'map'),
    ['node_type_invalid', '/nodes/1/type'],
  ],
  [
    'an unknown type',
    (flow) => (flow.nodes[1]!['type'] = 'core.teleport'),
    ['node_type_unknown', '/nodes/1/type'],
  ],
  [
    'an unknown version',
    (flow) => (flow.nodes[1]!['version'] = 9),
    ['node_version_unknown', '/nodes/1/version'],
  ],
  [
    'two triggers',
    (flow) => flow.nodes.push({ ...node('start', 'core.manual') }),
    ['several_triggers', '/nodes/7'],
  ],
  [
    'a connection that is no slug',
    (flow) => (flow.nodes[0]!['connection'] = 'Shop Signing'),
    ['slug_invalid', '/nodes/0/connection'],
  ],
  [
    'an inline connection',
    (flow) => (flow.nodes[0]!['connection'] = { secret: 'x' }),
    ['slug_invalid', '/nodes/0/connection'],
  ],
  [
    'no attempt at all',
    (flow) => (flow.nodes[3]!['retry'] = { attempts: 0 }),
    ['retry_invalid', '/nodes/3/retry/attempts'],
  ],
  [
    'a thousand attempts',
    (flow) => (flow.nodes[3]!['retry'] = { attempts: 1000 }),
    ['retry_invalid', '/nodes/3/retry/attempts'],
  ],
  [
    'a negative backoff',
    (flow) => (flow.nodes[3]!['retry'] = { attempts: 2, baseSeconds: -1 }),
    ['retry_invalid', '/nodes/3/retry/baseSeconds'],
  ],
  [
    'a time-out of zero',
    (flow) => (flow.nodes[3]!['timeoutSeconds'] = 0),
    ['timeout_invalid', '/nodes/3/timeoutSeconds'],
  ],
  [
    'a time-out of two days',
    (flow) => (flow.nodes[3]!['timeoutSeconds'] = 172_800),
    ['timeout_invalid', '/nodes/3/timeoutSeconds'],
  ],
  [
    'a run deadline of zero',
    (flow) => (flow['settings'] = { timeoutSeconds: 0 }),
    ['timeout_invalid', '/settings/timeoutSeconds'],
  ],
  [
    'a concurrency of zero',
    (flow) => (flow['settings'] = { concurrency: { limit: 0 } }),
    ['concurrency_invalid', '/settings/concurrency/limit'],
  ],
  [
    'an onError that is none',
    (flow) => (flow.nodes[3]!['onError'] = 'retry'),
    ['not_allowed', '/nodes/3/onError'],
  ],
  ['a join that is none', (flow) => (flow.nodes[3]!['join'] = 'some'), ['not_allowed', '/nodes/3/join']],
  [
    'an effect that is none',
    (flow) => (flow.nodes[3]!['effect'] = 'maybe'),
    ['not_allowed', '/nodes/3/effect'],
  ],
  [
    'an edge from nowhere',
    (flow) => flow.edges.push({ from: 'ghost', to: 'map' }),
    ['edge_from_unknown_node', '/edges/5/from'],
  ],
  [
    'an edge to nowhere',
    (flow) => flow.edges.push({ from: 'map', to: 'ghost' }),
    ['edge_to_unknown_node', '/edges/5/to'],
  ],
  ['an edge without an end', (flow) => flow.edges.push({ from: 'map' }), ['missing', '/edges/5/to']],
  [
    'an edge to itself',
    (flow) => flow.edges.push({ from: 'map', to: 'map' }),
    ['edge_to_itself', '/edges/5'],
  ],
  [
    'an edge twice',
    (flow) => flow.edges.push({ from: 'hook', to: 'map', port: 'out' }),
    ['edge_duplicate', '/edges/5'],
  ],
  [
    'an edge into the trigger',
    (flow) => flow.edges.push({ from: 'post', to: 'hook' }),
    ['edge_into_trigger', '/edges/5/to'],
  ],
  [
    'an edge from a port that is not there',
    (flow) => flow.edges.push({ from: 'check', port: 'maybe', to: 'stop' }),
    ['edge_from_unknown_port', '/edges/5/port'],
  ],
  [
    'an edge from the default port of a condition',
    (flow) => flow.edges.push({ from: 'check', to: 'stop' }),
    ['edge_from_unknown_port', '/edges/5/port'],
  ],
  [
    'an edge from a node that ends the run',
    (flow) => flow.edges.push({ from: 'stop', to: 'post' }),
    ['edge_from_unknown_port', '/edges/5/port'],
  ],
  [
    'an edge from an error port that is closed',
    (flow) => flow.edges.push({ from: 'post', port: 'error', to: 'stop' }),
    ['edge_from_closed_error_port', '/edges/5/port'],
  ],
  ['a circle', (flow) => flow.edges.push({ from: 'post', to: 'map' }), ['cycle', '/edges/5']],
  [
    'a parent that is not there',
    (flow) => (flow.nodes[1]!['parent'] = 'ghost'),
    ['parent_unknown', '/nodes/1/parent'],
  ],
  [
    'a parent that is no loop',
    (flow) => (flow.nodes[3]!['parent'] = 'map'),
    ['parent_not_a_loop', '/nodes/3/parent'],
  ],
  [
    'a node in itself',
    (flow) => flow.nodes.push({ ...node('l', 'test.each', { parent: 'l' }) }),
    ['parent_itself', '/nodes/7/parent'],
  ],
  [
    'two loops in each other',
    (flow) =>
      flow.nodes.push(
        { ...node('l', 'test.each', { parent: 'k' }) },
        { ...node('k', 'test.each', { parent: 'l' }) },
      ),
    ['parent_cycle', '/nodes/7/parent'],
  ],
  [
    'a trigger in a loop',
    (flow) => (flow.nodes.push({ ...node('l', 'test.each') }), (flow.nodes[0]!['parent'] = 'l')),
    ['trigger_in_loop', '/nodes/0/parent'],
  ],
  [
    'an edge out of a loop',
    (flow) => (flow.nodes.push({ ...node('l', 'test.each') }), (flow.nodes[6]!['parent'] = 'l')),
    ['edge_crosses_loop', '/edges/4'],
  ],
  [
    'an undo that is not there',
    (flow) => (flow.nodes[3]!['compensate'] = 'ghost'),
    ['compensate_unknown', '/nodes/3/compensate'],
  ],
  [
    'a node that undoes itself',
    (flow) => (flow.nodes[3]!['compensate'] = 'post'),
    ['compensate_itself', '/nodes/3/compensate'],
  ],
  [
    'an undo that edges lead to',
    (flow) => (flow.nodes[3]!['compensate'] = 'stop'),
    ['compensate_has_incoming', '/nodes/3/compensate'],
  ],
  [
    'an undo of an undo',
    (flow) => (flow.nodes.push({ ...node('undo2', 'core.stop') }), (flow.nodes[5]!['compensate'] = 'undo2')),
    ['compensate_chain', '/nodes/3/compensate'],
  ],
  [
    'an undo that leads on',
    (flow) => {
      flow.nodes.push({ ...node('back', 'core.map') });
      flow.edges.push({ from: 'back', to: 'stop' });
      flow.nodes[3]!['compensate'] = 'back';
    },
    ['compensate_has_outgoing', '/nodes/3/compensate'],
  ],
  [
    'an undo of two nodes',
    (flow) => {
      flow.nodes.push({ ...node('back', 'core.map') });
      flow.nodes[1]!['compensate'] = 'back';
      flow.nodes[3]!['compensate'] = 'back';
    },
    ['compensate_shared', '/nodes/3/compensate'],
  ],
  [
    'a loop as an undo',
    (flow) => (flow.nodes.push({ ...node('back', 'test.each') }), (flow.nodes[3]!['compensate'] = 'back')),
    ['compensate_loop', '/nodes/3/compensate'],
  ],
  [
    'a wait as an undo',
    (flow) => (flow.nodes.push({ ...node('back', 'core.wait') }), (flow.nodes[3]!['compensate'] = 'back')),
    ['compensate_waits', '/nodes/3/compensate'],
  ],
  [
    'the end of the run as an undo',
    (flow) => (flow.nodes.push({ ...node('back', 'core.stop') }), (flow.nodes[3]!['compensate'] = 'back')),
    ['compensate_ends_run', '/nodes/3/compensate'],
  ],
  [
    'the trigger as an undo',
    (flow) => (flow.nodes[3]!['compensate'] = 'hook'),
    ['compensate_trigger', '/nodes/3/compensate'],
  ],
  [
    'an error branch of the trigger',
    (flow) => (flow.nodes[0]!['onError'] = 'branch'),
    ['option_on_trigger', '/nodes/0/onError'],
  ],
  [
    'a note id twice',
    (flow) => (flow.notes = [flow.notes[0]!, flow.notes[0]!]),
    ['note_id_duplicate', '/notes/1/id'],
  ],
  [
    'a note id that is none',
    (flow) => (flow.notes = [{ ...flow.notes[0]!, id: '' }]),
    ['id_invalid', '/notes/0/id'],
  ],
  [
    'a note called prototype',
    (flow) => (flow.notes = [{ ...flow.notes[0]!, id: 'prototype' }]),
    ['note_id_forbidden', '/notes/0/id'],
  ],
  [
    'a pin for no node in a set',
    (flow) => (flow['pinSets'] = { broken: { ghost: { output: 1 } } }),
    ['pin_for_unknown_node', '/pinSets/broken/ghost'],
  ],
  ['a pin for no node', (flow) => (flow['pins'] = { ghost: 1 }), ['pin_for_unknown_node', '/pins/ghost']],
  [
    '__proto__ in a configuration',
    (flow) => (flow.nodes[1]!['config'] = withOwnProto()),
    ['forbidden_key', '/nodes/1/config/output/__proto__'],
  ],
  [
    'constructor in a configuration',
    (flow) => (flow.nodes[1]!['config'] = { output: { a: [{ constructor: 1 }] } }),
    ['forbidden_key', '/nodes/1/config/output/a/0/constructor'],
  ],
  [
    'prototype in a pin',
    (flow) => (flow['pins'] = { map: { prototype: 1 } }),
    ['forbidden_key', '/pins/map/prototype'],
  ],
  [
    '__proto__ as a pin',
    (flow) => (flow['pins'] = JSON.parse('{"__proto__": 1}')),
    ['forbidden_key', '/pins/__proto__'],
  ],
  [
    '$expr beside another key',
    (flow) => (flow.nodes[1]!['config'] = { output: { a: { $expr: '1', note: 'x' } } }),
    ['value_mixed', '/nodes/1/config/output/a'],
  ],
  [
    '$expr beside $tpl',
    (flow) => (flow.nodes[1]!['config'] = { output: { $expr: '1', $tpl: 'x' } }),
    ['value_mixed', '/nodes/1/config/output'],
  ],
  [
    '$expr that is a number',
    (flow) => (flow.nodes[1]!['config'] = { output: [{ $expr: 1 }] }),
    ['value_not_text', '/nodes/1/config/output/0/$expr'],
  ],
  [
    '$tpl that is a list',
    (flow) => (flow.nodes[1]!['config'] = { output: { $tpl: ['x'] } }),
    ['value_not_text', '/nodes/1/config/output/$tpl'],
  ],
  [
    '$expr in the business key beside another key',
    (flow) => (flow['settings'] = { businessKey: { name: 'order', value: { $expr: '1', a: 1 } } }),
    ['value_mixed', '/settings/businessKey/value'],
  ],
  [
    '$expr in the concurrency key beside another key',
    (flow) => (flow['settings'] = { concurrency: { limit: 1, key: { $expr: '1', a: 1 } } }),
    ['value_mixed', '/settings/concurrency/key'],
  ],
  [
    'a number that is none',
    (flow) => (flow.nodes[1]!['config'] = { output: { a: Number.NaN } }),
    ['not_json', '/nodes/1/config/output/a'],
  ],
  [
    'a date',
    (flow) => (flow.nodes[1]!['config'] = { output: { a: new Date(0) } }),
    ['not_json', '/nodes/1/config/output/a'],
  ],
  [
    'endless nesting',
    (flow) => (flow.nodes[1]!['config'] = { output: deep(100) }),
    ['too_deep', `/nodes/1/config/output${'/a'.repeat(60)}`],
  ],
  [
    'too many nodes',
    (flow) =>
      (flow.nodes = Array.from({ length: 2001 }, (_, i) => ({
        ...node(`n${i}`, 'core.map', { config: { output: 1 } }),
      }))),
    ['too_many_nodes', '/nodes'],
  ],
  [
    'too many notes',
    (flow) =>
      (flow.notes = Array.from({ length: 501 }, (_, i) => ({
        id: `n${i}`,
        text: '',
        position: { x: 0, y: 0 },
      }))),
    ['too_many_notes', '/notes'],
  ],
];

const BLOCKING: readonly Case[] = [
  [
    'a loop with nothing inside',
    (flow) => flow.nodes.push({ ...node('loop', 'core.each', { config: { items: [] } }) }),
    ['loop_empty', '/nodes/7'],
  ],
  [
    'an undo inside a loop of a node outside of it',
    (flow) =>
      flow.nodes.push(
        { ...node('loop', 'core.each', { config: { items: [] } }) },
        { ...node('in', 'core.map', { parent: 'loop', config: { output: 1 }, compensate: 'out' }) },
        { ...node('out', 'core.map', { config: { output: 1 } }) },
      ),
    ['compensate_elsewhere', '/nodes/8/compensate'],
  ],
  [
    'a wait for nothing',
    (flow) => flow.nodes.push({ ...node('wait', 'core.wait') }),
    ['setting_missing', '/nodes/7/config/seconds'],
  ],
  ['no trigger', (flow) => (flow.nodes.shift(), flow.edges.shift()), ['trigger_missing', '/nodes']],
  [
    'a required setting that is missing',
    (flow) => (flow.nodes[3]!['config'] = { method: 'POST' }),
    ['setting_missing', '/nodes/3/config/url'],
  ],
  [
    'a required setting that is empty',
    (flow) => (flow.nodes[3]!['config'] = { url: '' }),
    ['setting_missing', '/nodes/3/config/url'],
  ],
  [
    'a missing condition',
    (flow) => (flow.nodes[2]!['config'] = {}),
    ['setting_missing', '/nodes/2/config/condition'],
  ],
  [
    'a setting of the wrong type',
    (flow) => (flow.nodes[3]!['config'] = { url: 12 }),
    ['setting_invalid', '/nodes/3/config/url'],
  ],
  [
    'a URL of another protocol',
    (flow) => (flow.nodes[3]!['config'] = { url: 'ftp://example.com' }),
    ['setting_invalid', '/nodes/3/config/url'],
  ],
  [
    'a method that is none',
    (flow) => (flow.nodes[3]!['config'] = { url: 'https://a.example', method: 'FETCH' }),
    ['setting_invalid', '/nodes/3/config/method'],
  ],
  [
    'a scheme that is none',
    (flow) => (flow.nodes[0]!['config'] = { verify: { scheme: 'trust' } }),
    ['setting_invalid', '/nodes/0/config/verify/scheme'],
  ],
  [
    'an HMAC without its header',
    (flow) => (flow.nodes[0]!['config'] = { verify: { scheme: 'hmac' } }),
    ['setting_missing', '/nodes/0/config/verify/header'],
  ],
  [
    'an HMAC over an id from nowhere',
    (flow) =>
      (flow.nodes[0]!['config'] = { verify: { scheme: 'hmac', header: 'X-S', template: '{id}{body}' } }),
    ['setting_missing', '/nodes/0/config/verify/idHeader'],
  ],
  [
    'a JWT signed with a public key as a secret',
    (flow) =>
      (flow.nodes[0]!['config'] = {
        verify: { scheme: 'jwt', jwksUrl: 'https://a.example', algorithms: ['HS256'] },
      }),
    ['setting_invalid', '/nodes/0/config/verify/algorithms'],
  ],
  [
    'a range of addresses that is none',
    (flow) => (flow.nodes[0]!['config'] = { verify: { scheme: 'github' }, ipAllow: ['10.0.0.0/64'] }),
    ['setting_invalid', '/nodes/0/config/ipAllow/0'],
  ],
  [
    'an expression that does not parse',
    (flow) => (flow.nodes[2]!['config'] = { condition: { $expr: 'steps.map.id >' } }),
    ['expression_syntax', '/nodes/2/config/condition'],
  ],
  [
    'an empty expression',
    (flow) => (flow.nodes[2]!['config'] = { condition: { $expr: ' ' } }),
    ['expression_syntax', '/nodes/2/config/condition'],
  ],
  [
    'an unknown function',
    (flow) => (flow.nodes[2]!['config'] = { condition: { $expr: '$isNice(1)' } }),
    ['expression_syntax', '/nodes/2/config/condition'],
  ],
  [
    '$eval',
    (flow) => (flow.nodes[2]!['config'] = { condition: { $expr: '$eval(trigger.body)' } }),
    ['expression_syntax', '/nodes/2/config/condition'],
  ],
  [
    'a look-ahead',
    (flow) => (flow.nodes[2]!['config'] = { condition: { $expr: '$contains(trigger.body, /a(?=b)/)' } }),
    ['expression_syntax', '/nodes/2/config/condition'],
  ],
  [
    'an island that does not parse',
    (flow) => (flow.nodes[1]!['config'] = { output: { a: { $tpl: 'x {{ 1 + }} y' } } }),
    ['template_syntax', '/nodes/1/config/output/a'],
  ],
  [
    'an island that is not closed',
    (flow) => (flow.nodes[1]!['config'] = { output: [{ $tpl: 'x {{ trigger.body' }] }),
    ['template_syntax', '/nodes/1/config/output/0'],
  ],
  [
    'a step that is not there',
    (flow) => (flow.nodes[2]!['config'] = { condition: { $expr: 'steps.ghost.id' } }),
    ['expression_unknown_step', '/nodes/2/config/condition'],
  ],
  [
    'a step that is not there, in an island',
    (flow) => (flow.nodes[1]!['config'] = { output: { $tpl: '{{ steps.ghost }}' } }),
    ['expression_unknown_step', '/nodes/1/config/output'],
  ],
  [
    'a step that comes later',
    (flow) => (flow.nodes[1]!['config'] = { output: { $expr: 'steps.post.body' } }),
    ['expression_step_not_before', '/nodes/1/config/output'],
  ],
  [
    'a step on the other branch',
    (flow) => (flow.nodes[4]!['config'] = { url: 'https://a.example', body: { $expr: '$steps.post' } }),
    ['expression_step_not_before', '/nodes/4/config/body'],
  ],
  [
    'the node itself',
    (flow) => (flow.nodes[1]!['config'] = { output: { $expr: 'steps.map' } }),
    ['expression_step_not_before', '/nodes/1/config/output'],
  ],
  [
    'a step in the business key',
    (flow) => (flow['settings'] = { businessKey: { name: 'order', value: { $expr: 'steps.map.id' } } }),
    ['expression_step_not_before', '/settings/businessKey/value'],
  ],
  [
    'a business key that is no expression yet',
    (flow) => (flow['settings'] = { businessKey: { name: 'order', value: { $expr: '' } } }),
    ['expression_syntax', '/settings/businessKey/value'],
  ],
  [
    'a step in the concurrency key',
    (flow) => (flow['settings'] = { concurrency: { limit: 1, key: { $expr: 'steps.map.id' } } }),
    ['expression_step_not_before', '/settings/concurrency/key'],
  ],
  [
    'an expression where only literals go',
    (flow) => (flow.nodes[0]!['config'] = { verify: { scheme: { $expr: '"none"' } } }),
    ['expression_not_allowed', '/nodes/0/config/verify/scheme'],
  ],
  [
    'the same duplicate key for every event',
    (flow) => (flow.nodes[0]!['config'] = { verify: { scheme: 'github' }, dedupe: 'trigger.body.id' }),
    ['expression_expected', '/nodes/0/config/dedupe'],
  ],
  [
    'a signature without a connection',
    (flow) => delete flow.nodes[0]!['connection'],
    ['connection_missing', '/nodes/0/connection'],
  ],
  [
    'a connection of a node that takes none',
    (flow) => (flow.nodes[1]!['connection'] = 'shop'),
    ['connection_not_taken', '/nodes/1/connection'],
  ],
  [
    'an error branch that leads nowhere',
    (flow) => flow.edges.pop(),
    ['error_port_unconnected', '/nodes/4/onError'],
  ],
  [
    'a flow started by its own failures',
    (flow) => (flow['settings'] = { onFailure: 'order-fan-out' }),
    ['on_failure_itself', '/settings/onFailure'],
  ],
];

const WARNINGS: readonly Case[] = [
  [
    'a node that nothing leads to',
    (flow) => flow.nodes.push({ ...node('lost', 'core.map', { config: { output: 1 } }) }),
    ['node_unreached', '/nodes/7'],
  ],
  [
    'a name that means nothing',
    (flow) => (flow.nodes[2]!['config'] = { condition: { $expr: 'body.id > 1' } }),
    ['expression_unknown_name', '/nodes/2/config/condition'],
  ],
  [
    'item outside a loop',
    (flow) => (flow.nodes[1]!['config'] = { output: { $expr: 'item.sku' } }),
    ['expression_unknown_name', '/nodes/1/config/output'],
  ],
  [
    'text for a condition',
    (flow) => (flow.nodes[2]!['config'] = { condition: 'steps.map.id > 10' }),
    ['text_for_expression', '/nodes/2/config/condition'],
  ],
  [
    'retries of the trigger',
    (flow) => (flow.nodes[0]!['retry'] = { attempts: 3 }),
    ['option_on_trigger', '/nodes/0/retry'],
  ],
];

/** The broken document: what the case returned when that is a document of its own, else the changed copy. */
function broken(breakIt: Case[1]): unknown {
  const flow = structuredClone(goodFlow()) as unknown as Draft;
  const result = breakIt(flow);
  return typeof result === 'string' && result === 'flow'
    ? result
    : Array.isArray(result) && result.length === 0
      ? result
      : flow;
}

function check(level: Fault['level'], [, breakIt, [code, pointer]]: Case): void {
  const { flow, faults } = validateFlow(broken(breakIt), catalog);
  expect(faults).toContainEqual(expect.objectContaining({ level, code, pointer }));
  if (level === 'refused') expect(flow).toBeNull();
  else expect(flow).not.toBeNull();
}

describe('validateFlow', () => {
  it('finds nothing wrong with a good flow and fills in the defaults', () => {
    const { description: _, notes: __, pins: ___, ...sparse } = goodFlow();
    expect(validateFlow(goodFlow(), catalog)).toEqual({ flow: goodFlow(), faults: [] });
    expect(validateFlow(sparse, catalog)).toMatchObject({
      flow: { description: '', notes: [], pins: {} },
      faults: [],
    });
  });

  it.each(REFUSED)('refuses %s', (...broken) => check('refused', broken));
  it.each(BLOCKING)('keeps from publishing: %s', (...broken) => check('blocks_publish', broken));
  it.each(WARNINGS)('warns of %s', (...broken) => check('warning', broken));

  it('knows at least forty kinds of refusal and of hindrance', () => {
    const kinds = (cases: readonly Case[]): number => new Set(cases.map(([, , [code]]) => code)).size;
    expect(REFUSED.length).toBeGreaterThanOrEqual(45);
    expect(kinds(REFUSED)).toBeGreaterThanOrEqual(40);
    expect(kinds(BLOCKING)).toBeGreaterThanOrEqual(13);
  });

  it('lists every fault of a document that is broken in many places', () => {
    const { flow, faults } = validateFlow(
      {
        format: 1,
        name: 'Broken',
        slug: 'Not A Slug',
        colour: 'red',
        nodes: [
          { id: 'a', type: 'core.nothing', version: 1 },
          {
            id: 'a',
            type: 'core.map',
            version: 1,
            retry: { attempts: 0 },
            config: { output: { $expr: '1 +' } },
          },
          { id: 'b', type: 'http.request', version: 1, config: { metod: 'GET' } },
        ],
        edges: [
          { from: 'a', to: 'ghost' },
          { from: 'b', to: 'b' },
        ],
      },
      catalog,
    );
    expect(flow).toBeNull();
    expect(faults.map(({ code, pointer }) => `${code} ${pointer}`).sort()).toEqual([
      'edge_to_itself /edges/1',
      'edge_to_unknown_node /edges/0/to',
      'expression_syntax /nodes/1/config/output',
      'node_id_duplicate /nodes/1/id',
      'node_type_unknown /nodes/0/type',
      'retry_invalid /nodes/1/retry/attempts',
      'setting_missing /nodes/2/config/url',
      'setting_unknown /nodes/2/config/metod',
      'slug_invalid /slug',
      'trigger_missing /nodes',
      'unknown_key /colour',
    ]);
  });

  it('names the node of a fault and puts the gravest first', () => {
    const flow = goodFlow();
    const { faults } = validateFlow(
      {
        ...flow,
        nodes: [...flow.nodes, node('lost', 'core.map'), node('check2', 'core.if', { parent: 'map' })],
      },
      catalog,
    );
    expect(faults.map(({ level, nodeId }) => [level, nodeId])).toEqual([
      ['refused', 'check2'],
      ['blocks_publish', 'lost'],
      ['blocks_publish', 'check2'],
      ['warning', 'lost'],
    ]);
  });

  it('says where an expression breaks', () => {
    const document = broken(
      (flow) => (flow.nodes[2]!['config'] = { condition: { $expr: 'trigger.body.id > ' } }),
    );
    const { faults } = validateFlow(document, catalog);
    expect(faults[0]?.message).toContain('at character 18');
  });

  it('lets a compensation read the step that it undoes, and what came before', () => {
    const flow = goodFlow();
    const undo = {
      ...flow.nodes[5]!,
      config: { url: { $tpl: 'https://a.example/{{ steps.map.id }}/{{ steps.put }}' } },
    };
    const { faults } = validateFlow({ ...flow, nodes: flow.nodes.with(5, undo) }, catalog);
    expect(faults.map(({ code, message }) => [code, message.includes('"put"')])).toEqual([
      ['expression_step_not_before', true],
    ]);
  });

  it('lets the nodes in a loop read its item and what came before the loop', () => {
    const flow = goodFlow();
    const inside = node('inside', 'core.map', {
      parent: 'each',
      config: { output: { $expr: '[item.sku, index, steps.map.id]' } },
    });
    const each = node('each', 'test.each');
    const document = {
      ...flow,
      nodes: [...flow.nodes, each, inside],
      edges: [...flow.edges, { from: 'post', to: 'each' }],
    };
    expect(validateFlow(document, catalog).faults).toEqual([]);
  });

  it('leaves to the run what an expression decides', () => {
    const document = broken((flow) => {
      flow.nodes[3]!['config'] = {
        method: { $expr: 'trigger.method' },
        url: { $tpl: '{{ trigger.body.url }}' },
        query: { page: [{ $expr: '1' }] },
        headers: { $expr: 'trigger.headers' },
      };
    });
    expect(validateFlow(document, catalog).faults).toEqual([]);
  });

  it('never throws, whatever it is given', () => {
    for (const document of [
      undefined,
      null,
      1,
      '',
      true,
      [],
      {},
      { nodes: [null, 1, []], edges: [[]], notes: 1, pins: [] },
    ]) {
      expect(validateFlow(document, catalog).flow).toBeNull();
    }
  });

  it('checks two thousand nodes in a chain without recursion', () => {
    const nodes = [node('start', 'core.manual')];
    const edges = [{ from: 'start', to: 'n0' }];
    for (let i = 0; i < 1_999; i += 1) {
      nodes.push(
        node(`n${i}`, 'core.map', { config: { output: { $expr: i === 0 ? 'trigger' : `steps.n${i - 1}` } } }),
      );
      if (i > 0) edges.push({ from: `n${i - 1}`, to: `n${i}` });
    }
    const document = { ...goodFlow(), settings: {}, nodes, edges, pins: {} };
    expect(validateFlow(document, catalog).faults).toEqual([]);
  });
});
