import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { freeSlug } from '#components/flows/flow-slug.ts';
import { slugFromName } from '#core/slug-from-name.ts';
import { readImport } from '#components/flows/read-import.ts';
import { emptyFlow } from '#components/flows/empty-flow.ts';
import { catalog } from '#connectors/definitions.ts';
import { SLUG_PATTERN } from '#core/flow-format.ts';
import { findTemplate } from '#core/templates/templates.ts';
import { validateFlow } from '#core/validate-flow.ts';

describe('slugFromName', () => {
  test.each([
    ['New orders to CRM', 'new-orders-to-crm'],
    ['  Bestellung (EU): Größe & Maß ', 'bestellung-eu-grosse-mass'],
    ['Ação — São Paulo', 'acao-sao-paulo'],
    ['日本', 'flow'],
    ['', 'flow'],
  ])('%s', (name, slug) => {
    expect(slugFromName(name)).toBe(slug);
  });

  test('gives a slug for any name, free of those that are taken', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), (name) => {
        const slug = slugFromName(name);
        expect(slug).toMatch(SLUG_PATTERN);
        const free = freeSlug(slug, new Set([slug, `${slug}-2`]));
        expect(free).toMatch(SLUG_PATTERN);
        expect([slug, `${slug}-2`]).not.toContain(free);
      }),
    );
  });
});

describe('freeSlug', () => {
  test('counts up and keeps within 63 characters', () => {
    const long = 'a'.repeat(63);
    expect(freeSlug('orders', new Set())).toBe('orders');
    expect(freeSlug('orders', new Set(['orders', 'orders-2']))).toBe('orders-3');
    expect(freeSlug(long, new Set([long]))).toBe(`${'a'.repeat(61)}-2`);
  });
});

describe('emptyFlow', () => {
  test('can be stored', () => {
    const { flow } = validateFlow(emptyFlow('New', 'new'), catalog);
    expect(flow?.slug).toBe('new');
  });
});

describe('readImport', () => {
  test('reads the outline of an export', () => {
    const document = findTemplate('orders-to-api')!.flow;
    expect(readImport(JSON.stringify(document))).toMatchObject({
      ok: true,
      name: document.name,
      slug: 'orders-to-api',
      nodes: 3,
    });
  });

  test('knows flows of other tools, and reports on each node', () => {
    const wires = [
      { id: 'a', type: 'inject', name: 'Go', wires: [['b']] },
      { id: 'b', type: 'exec', wires: [] },
    ];
    const read = readImport(JSON.stringify(wires));
    expect(read.ok && read.report?.lines.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'Go mapped',
      'exec left_out',
    ]);
  });

  test.each([
    ['{', /not JSON.*at its end/],
    ['{\n  "nodes": [ oops ]\n}', /not JSON.*at line 2, character 14/],
    ['{"a": 1} x', /at line 1, character 10/],
    ['nope', /at line 1, character [12]/],
    ['[]', /JSON object/],
    ['{"name":"x"}', /not a flow/],
    ['{"format":1}', /not a flow/],
    ['{"nodes":[7],"connections":{}}', /nodes\[0\]/],
    ['curl https://api.example.com', /cURL command.*on the canvas/],
  ])('%s is refused in words', (text, message) => {
    const read = readImport(text);
    expect(read.ok).toBe(false);
    expect(read.ok ? '' : read.message).toMatch(message);
  });
});
