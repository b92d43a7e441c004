import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { createDraftSaver } from '#components/canvas/draft-saver.ts';
import type { SaveState, StoredDraft } from '#components/canvas/draft-saver.ts';
import { createEditorStore } from '#components/canvas/editor-store.ts';
import { resolveOverlap } from '#components/canvas/resolve-overlap.ts';
import { sameDraft } from '#components/canvas/same-draft.ts';
import { catalog } from '#connectors/definitions.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import type { FlowOperation } from '#core/flow-operation.ts';
import { orderFlow, testNode } from '#test/support/editor-flow.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A place that both may write to. */
const PLACES = ['map title', 'map total', 'post url', 'post label', 'if label', 'flow name'] as const;
type Place = (typeof PLACES)[number];

type Step =
  | { readonly act: 'write'; readonly who: 0 | 1; readonly place: Place }
  | { readonly act: 'add'; readonly who: 0 | 1 }
  | { readonly act: 'move'; readonly who: 0 | 1; readonly x: number }
  | { readonly act: 'pause'; readonly ms: number }
  /** Whether what one saves is told to the other, and whether the server can be reached. */
  | { readonly act: 'line'; readonly isTold: boolean; readonly isUp: boolean }
  | { readonly act: 'choose'; readonly who: 0 | 1; readonly keep: 'mine' | 'theirs' };

const anyWho = fc.constantFrom<0 | 1>(0, 1);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constant('write' as const),
      who: anyWho,
      place: fc.constantFrom(...PLACES),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('add' as const), who: anyWho }) },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('move' as const),
      who: anyWho,
      x: fc.integer({ min: 0, max: 9 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ act: fc.constant('pause' as const), ms: fc.constantFrom(5, 50, 400, 700, 2_000) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ act: fc.constant('line' as const), isTold: fc.boolean(), isUp: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('choose' as const),
      who: anyWho,
      keep: fc.constantFrom('mine' as const, 'theirs' as const),
    }),
  },
);

it('two editors of one flow end alike, and no edit is gone unless somebody wrote over it knowingly or chose another', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 40 }), async (steps) => {
      const world = createWorld();
      for (const step of steps) await world.take(step);
      await world.comeToRest();
      const [first, second] = world.documents();
      expect(sameDraft(first, second) && sameDraft(first, world.stored())).toBe(true);
      for (const place of PLACES)
        expect([...world.notOverwritten(place)], place).toEqual([valueAt(first, place)]);
      expect(first.nodes.map(({ id }) => id)).toEqual(expect.arrayContaining(world.added));
    }),
    { numRuns: 150 },
  );
});

/** One server, as the real one: a save with an old ETag is stale; and two people at their editors. */
function createWorld() {
  const base = orderFlow();
  const server = { draft: base, revision: 1, isTold: true, isUp: true };
  const etag = () => `"${server.revision}"`;
  /** By place, the values that nobody wrote over. */
  const standing = new Map(PLACES.map((place) => [place, new Set([valueAt(base, place)])]));
  const added: string[] = [];
  let count = 0;

  const editors = ([0, 1] as const).map((who) => {
    const store = createEditorStore({
      document: base,
      catalog,
      onRefused: (message) => expect.fail(message),
    });
    let state: SaveState = { kind: 'saved' };
    const saver = createDraftSaver({
      base: { document: base, etag: etag() },
      catalog,
      remote: {
        save: async (document, known) => {
          await line();
          if (!server.isUp) return { kind: 'unreachable' };
          if (known !== etag()) return { kind: 'stale' };
          server.draft = structuredClone(document);
          server.revision += 1;
          const saved = etag();
          if (server.isTold) void editors[1 - who]?.saver.refresh(saved);
          await line();
          return { kind: 'saved', etag: saved };
        },
        read: async (): Promise<StoredDraft> => {
          await line();
          if (!server.isUp) throw new Error('no connection');
          const read = { document: structuredClone(server.draft), etag: etag() };
          await line();
          return read;
        },
      },
      copy: { write: () => {}, clear: () => {} },
      current: () => store.getState().document,
      onState: (next) => (state = next),
      onMerged: (document) => store.replaceDocument(document),
    });
    store.subscribe((next, before) => {
      if (next.document !== before.document) saver.edited();
    });
    return { store, saver, state: () => state };
  });

  const choose = async (who: 0 | 1, keep: 'mine' | 'theirs') => {
    const { store, saver, state } = editors[who]!;
    const conflict = state();
    if (conflict.kind !== 'conflict') return;
    const mine = store.getState().document;
    const theirs = conflict.theirs.document;
    const resolved = resolveOverlap({ base: conflict.base, mine, theirs }, keep, catalog);
    for (const place of PLACES) {
      if (!conflict.overlaps.some((overlap) => overlap.place === pointerOf(place))) continue;
      const given = valueAt(keep === 'mine' ? theirs : mine, place);
      if (given !== valueAt(resolved, place)) standing.get(place)?.delete(given);
    }
    store.swapDocument(resolved);
    await Promise.all([saver.settle(), vi.advanceTimersByTimeAsync(100)]);
  };

  return {
    added,
    documents: () => editors.map(({ store }) => store.getState().document) as [FlowDocument, FlowDocument],
    stored: () => server.draft,
    notOverwritten: (place: Place) => standing.get(place) ?? new Set(),
    async take(step: Step) {
      switch (step.act) {
        case 'write': {
          const { store } = editors[step.who]!;
          const value = `v${(count += 1)}`;
          standing.get(step.place)?.delete(valueAt(store.getState().document, step.place));
          standing.get(step.place)?.add(value);
          return void store.apply(writeOf(step.place, value));
        }
        case 'add': {
          const id = `added${(count += 1)}`;
          added.push(id);
          return void editors[step.who]!.store.apply({ kind: 'add_node', node: testNode(id, 'core.map') });
        }
        case 'move':
          return void editors[step.who]!.store.apply({
            kind: 'move_nodes',
            positions: { if: { x: step.x, y: 0 } },
          });
        case 'pause':
          return void (await vi.advanceTimersByTimeAsync(step.ms));
        case 'line':
          return void Object.assign(server, { isTold: step.isTold, isUp: step.isUp });
        case 'choose':
          return choose(step.who, step.keep);
      }
    },
    /** The line is good again, every conflict is settled, and each has heard of the other's last save. */
    async comeToRest() {
      Object.assign(server, { isTold: true, isUp: true });
      for (let round = 0; round < 6; round += 1) {
        await vi.advanceTimersByTimeAsync(61_000);
        await choose(0, 'mine');
        await choose(1, 'theirs');
        for (const { saver } of editors) {
          const heard = saver.refresh(etag());
          await vi.advanceTimersByTimeAsync(1_000);
          await heard;
        }
      }
    },
  };
}

/** What goes over the line takes a while. */
const line = () => new Promise<void>((done) => setTimeout(done, 20));

function writeOf(place: Place, value: string): FlowOperation {
  const [nodeId = '', field = ''] = place.split(' ');
  if (nodeId === 'flow') return { kind: 'describe_flow', name: value };
  if (field === 'label') return { kind: 'set_options', nodeId, options: { label: value } };
  const path = nodeId === 'map' ? ['output', field] : [field];
  return { kind: 'set_config', nodeId, path, value };
}

function valueAt(flow: FlowDocument, place: Place): unknown {
  const [nodeId = '', field = ''] = place.split(' ');
  if (nodeId === 'flow') return flow.name;
  const node = flow.nodes.find(({ id }) => id === nodeId);
  if (field === 'label') return node?.label;
  const group = nodeId === 'map' ? node?.config['output'] : node?.config;
  return (group as Record<string, unknown> | undefined)?.[field];
}

/** The place as an overlap names it. */
function pointerOf(place: Place): string {
  const [nodeId = '', field = ''] = place.split(' ');
  if (nodeId === 'flow') return '/flow/name of the flow';
  if (field === 'label') return `/nodes/${nodeId}/options/label`;
  return nodeId === 'map' ? `/nodes/map/config/output/${field}` : `/nodes/${nodeId}/config/${field}`;
}
