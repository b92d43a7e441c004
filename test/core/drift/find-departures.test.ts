import { describe, expect, it } from 'vitest';

import { CONNECTORS } from '#connectors/definitions.ts';
import { brokenUses } from '#core/drift/broken-uses.ts';
import { findDepartures } from '#core/drift/find-departures.ts';
import { learnShape } from '#core/drift/learn-shape.ts';
import { mergeShapes } from '#core/drift/merge-shapes.ts';
import { EMPTY_SHAPE, type Shape } from '#core/drift/shape.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { type Json, isJsonObject } from '#core/json.ts';
import { writePath } from '#core/pills/pill-path.ts';

import { MUTATIONS, type Mutated, mutate } from './mutate.ts';
import { type Dice, type Nature, dice, fieldPlaces, keyOf, natureOf, vary } from './payload-corpus.ts';

const CASES = 500;
const LEARNED = 50;

/** What apps really send, as their operations declare it: of those that have something in them. */
const bases: readonly Json[] = CONNECTORS.flatMap(({ operations }) =>
  operations.map(({ sample }) => sample),
).filter((sample) => fieldPlaces(sample).length >= 5);

const learn = (values: readonly Json[]): Shape => values.map(learnShape).reduce(mergeShapes, EMPTY_SHAPE);

interface App {
  readonly base: Json;
  readonly nature: Nature;
  readonly learned: Shape;
}

function appOf(base: Json, roll: Dice): App {
  const nature = natureOf(base, roll);
  const learned = learn(Array.from({ length: LEARNED }, () => vary(base, nature, roll)));
  return { base, nature, learned };
}

const said = (learned: Shape, payload: Json) =>
  findDepartures(learned, learnShape(payload)).map(({ kind, path }) => `${kind} ${keyOf(path)}`);

describe('the detector of drift', () => {
  const roll = dice(20_261_128);
  const apps = bases.map((base) => appOf(base, roll));

  const cases = Array.from({ length: CASES }, (_, at): Mutated & { readonly app: App } => {
    for (let turn = 0; ; turn += 1) {
      const app = apps[(at + turn) % apps.length]!;
      const made = mutate(vary(app.base, app.nature, roll), MUTATIONS[at % MUTATIONS.length]!, {
        ...app,
        roll,
      });
      if (made) return { ...made, app };
    }
  });

  it(`tells ${CASES} changes of payloads from natural variation: precision and recall are 0.99 at least`, () => {
    let right = 0;
    let wrong = 0;
    let missed = 0;
    for (const { app, payload, expected } of cases) {
      const found = new Set(said(app.learned, payload));
      for (const each of found)
        if (expected.has(each)) right += 1;
        else wrong += 1;
      for (const each of expected) if (!found.has(each)) missed += 1;
    }
    for (let at = 0; at < CASES; at += 1) {
      const app = apps[at % apps.length]!;
      wrong += said(app.learned, vary(app.base, app.nature, roll)).length;
    }
    const precision = right / (right + wrong);
    const recall = right / (right + missed);
    console.info(
      JSON.stringify({ cases: CASES, apps: apps.length, right, wrong, missed, precision, recall }),
    );
    expect(precision).toBeGreaterThanOrEqual(0.99);
    expect(recall).toBeGreaterThanOrEqual(0.99);
  });

  it('names the pill that each of the changes breaks, and none beside it', () => {
    for (const { app, payload, changed } of cases) {
      const pills = new Map(
        fieldPlaces(app.base).map(({ path }) => [keyOf(path), path.filter((part) => part !== '[]')]),
      );
      const document = flowReading([...pills.values()]);
      const broken = findDepartures(app.learned, learnShape(payload))
        .filter(({ kind }) => kind !== 'added')
        .flatMap(({ path }) => brokenUses(document, { place: 'trigger', path }));
      const named = new Set(broken.map(({ setting }) => Number(setting.split('/').at(-1))));
      const key = changed && changed.filter((part) => part !== '[]');
      const due = [...pills.values()].flatMap((path, at) =>
        key !== null && key.every((part, depth) => path[depth] === part) ? [at] : [],
      );
      expect(
        [...named].toSorted((a, b) => a - b),
        changed?.join('.'),
      ).toEqual(due);
    }
  });
});

/** A flow with a pill for each path. */
function flowReading(paths: readonly (readonly string[])[]): Pick<FlowDocument, 'nodes' | 'settings'> {
  const output = paths.map((path) => ({
    $expr: writePath({ base: 'context', parts: ['trigger', 'body', ...path] }),
  }));
  return { nodes: [{ id: 'map', type: 'core.map', version: 1, config: { output } }], settings: {} };
}

describe('what is no departure, and what is', () => {
  const many = (make: (at: number) => Json) => learn(Array.from({ length: 60 }, (_, at) => make(at)));

  it('takes keys that are data for a map, and looks into its values', () => {
    const learned = many((at) => ({ byOrder: { [`${1000 + at}`]: { total: at } } }));
    expect(said(learned, { byOrder: { '77': { total: 3 } } })).toEqual([]);
    expect(said(learned, { byOrder: { '77': { total: '3' } } })).toEqual(['retyped byOrder/{}/total']);
  });

  it('says nothing of what was hardly ever seen', () => {
    const learned = learn(Array.from({ length: 5 }, () => ({ id: 1 })));
    expect(said(learned, { id: 'x', more: 1 })).toEqual([]);
  });

  it('tells an optional field that is gone for good, though not by one payload', () => {
    const learned = many((at): Json => (at % 2 === 0 ? { id: 1, coupon: 'a' } : { id: 1 }));
    expect(said(learned, { id: 1 })).toEqual([]);
    const later = learn(Array.from({ length: 40 }, () => ({ id: 1 })));
    expect(findDepartures(learned, later).map(({ kind }) => kind)).toEqual(['disappeared']);
  });

  it('finds the new name of a field', () => {
    const [first] = findDepartures(
      many((at) => ({ id: at, email: 'a@b.c' })),
      learnShape({ id: 1, mail: 'x@y.z' }),
    );
    expect(first).toMatchObject({ kind: 'disappeared', path: ['email'], renamedTo: 'mail' });
  });

  it('stays small for large payloads, and knows no prototype', () => {
    const huge = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`k${at}`, { v: at }]));
    expect(JSON.stringify(learnShape({ huge })).length).toBeLessThan(10_000);
    const odd = JSON.parse('{"__proto__": {"x": 1}, "toString": 1}') as Json;
    expect(isJsonObject(odd) && Object.keys(learnShape(odd).fields ?? {})).toEqual(['toString']);
  });
});
