import { readFile } from 'node:fs/promises';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { nextFault } from '#components/canvas/next-fault.ts';
import { SHORTCUTS } from '#components/canvas/shortcuts.ts';
import type { Command } from '#components/command/command.ts';
import { findInFlow } from '#components/command/find-in-flow.ts';
import { rankCommands } from '#components/command/rank-commands.ts';
import { readRecent, rememberCommand } from '#components/command/recent-commands.ts';
import { OUTLINE_SHORTCUTS } from '#components/outline/outline-shortcuts.ts';
import { catalog } from '#connectors/definitions.ts';
import type { Fault } from '#core/fault.ts';
import { orderFlow, withNode } from '#test/support/editor-flow.ts';

const command = (id: string, label: string, rest: Partial<Command> = {}): Command => ({
  id,
  label,
  group: 'Flows',
  run: () => undefined,
  ...rest,
});
const commands = [
  command('a', 'New order to CRM'),
  command('b', 'Orders to chat', { hint: 'orders-to-chat' }),
  command('c', 'Border control'),
  command('go', 'Runs', { group: 'Go to', words: 'history executions' }),
];
const found = (query: string, recent: readonly string[] = []) =>
  rankCommands(commands, query, recent).map(({ command: { id } }) => id);

describe('the command palette', () => {
  it('finds by the start of the name first, by words inside, by single letters, and by further words', () => {
    expect(found('order')).toEqual(['b', 'a', 'c']);
    expect(found('crm order')).toEqual(['a']);
    expect(found('bdrctl')).toEqual(['c']);
    expect(found('executions')).toEqual(['go']);
    expect(found('nothing like it')).toEqual([]);
  });

  it('puts what was used last first, among equals and while nothing is typed', () => {
    expect(found('o', ['c'])[0]).toBe('b');
    const two = [command('x', 'Send mail'), command('y', 'Send money')];
    expect(rankCommands(two, 'send', ['y']).map(({ command: { id } }) => id)).toEqual(['y', 'x']);
    expect(rankCommands(commands, '', ['c', 'gone'])[0]).toMatchObject({
      heading: 'Used last',
      command: { id: 'c' },
    });
  });

  it('never shows a line twice, nor more than fifty', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ maxLength: 5 }), { maxLength: 200 }),
        fc.string(),
        (ids, query) => {
          const ranked = rankCommands(
            ids.map((id) => command(id, id)),
            query,
            ids.slice(0, 3),
          );
          const shown = ranked.map(({ command: { id } }) => id);
          expect(new Set(shown).size).toBe(shown.length);
          expect(shown.length).toBeLessThanOrEqual(50);
        },
      ),
    );
  });

  it('remembers the last twenty, the latest first', () => {
    const stored = new Map<string, string>();
    const storage = {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
    };
    for (let index = 0; index < 25; index += 1) rememberCommand(storage, `c${index}`);
    rememberCommand(storage, 'c10');
    expect(readRecent(storage).slice(0, 2)).toEqual(['c10', 'c24']);
    expect(readRecent(storage)).toHaveLength(20);
  });
});

describe('finding in a flow', () => {
  const flow = withNode(orderFlow(), 'post', {
    label: 'Send it',
    connection: 'shop-api',
    config: {
      method: 'POST',
      url: 'https://api.example.com/orders',
      body: { order: { $expr: 'steps.map.id' }, lines: [{ sku: { $tpl: 'SKU {{ trigger.body.sku }}' } }] },
    },
  });
  const places = (query: string) =>
    findInFlow(flow, query, catalog).map(({ nodeId, pointer }) => `${nodeId ?? ''}${pointer}`);

  it('finds names, connections, settings, fields, expressions and templates, whatever the case', () => {
    expect(places('SEND')).toEqual(['post/label']);
    expect(places('shop-api')).toEqual(['post/connection']);
    expect(places('steps.map.id')).toEqual(['if/config/condition', 'post/config/body/order']);
    expect(places('body.sku')).toEqual(['post/config/body/lines/0/sku']);
    expect(places('lines')).toEqual(['post/config/body/lines']);
    expect(places('api.example')).toEqual(['post/config/url']);
    expect(places('  ')).toEqual([]);
  });

  it('shows the text around, shortened', () => {
    const long = withNode(flow, 'post', { config: { url: `${'x'.repeat(100)} needle ${'y'.repeat(100)}` } });
    const [hit] = findInFlow(long, 'needle', catalog);
    expect(hit?.excerpt).toMatch(/^…x+ needle y+…$/);
    expect(hit?.excerpt.length).toBeLessThan(100);
  });
});

describe('going from fault to fault', () => {
  const fault = (nodeId: string | undefined, code: string): Fault => ({
    level: 'blocks_publish',
    code,
    pointer: '',
    message: code,
    ...(nodeId !== undefined && { nodeId }),
  });
  const faults = [fault('post', 'p1'), fault(undefined, 'flow'), fault('map', 'm1'), fault('map', 'm2')];
  const next = (from: string | undefined, step: 1 | -1 = 1) =>
    nextFault(orderFlow(), faults, { from, step })?.code;

  it('goes through the nodes in their order, then to the flow, and round again', () => {
    expect([undefined, 'hook', 'map', 'if', 'post'].map((from) => next(from))).toEqual([
      'm1',
      'm1',
      'p1',
      'p1',
      'flow',
    ]);
    expect([undefined, 'post', 'map'].map((from) => next(from, -1))).toEqual(['flow', 'm1', 'flow']);
    expect(nextFault(orderFlow(), [], { from: 'map', step: 1 })).toBeUndefined();
  });
});

describe('the keys of the canvas', () => {
  it('stand in the guide, those of the outline, too', async () => {
    const guide = await readFile('docs/guides/canvas.md', 'utf8');
    const rows = guide.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    const explained = rows.map(([, keys, label]) => `${keys ?? ''}: ${label ?? ''}`);
    const shortcuts = [...SHORTCUTS, ...OUTLINE_SHORTCUTS].map(({ keys, label }) => {
      const presses = keys.map((press) => press.join('+').replace('Mod', 'Ctrl'));
      return `${presses.join(' or ')}: ${label}`;
    });
    expect(explained).toEqual(expect.arrayContaining(shortcuts));
  });

  it('have one meaning each', () => {
    const bindings = SHORTCUTS.flatMap((shortcut) => shortcut.bindings);
    expect(new Set(bindings).size).toBe(bindings.length);
  });
});
