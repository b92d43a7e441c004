import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';

import { ApiReference } from '../../app/docs/api/api-reference.tsx';
import { curlExample, exampleOf } from '../../app/docs/api/curl-example.ts';
import { asReference, callsOf, type Schema } from '../../app/docs/api/reference.ts';
import { schemaRows, typeParts } from '../../app/docs/api/schema-rows.ts';
import { flowDocumentSchema } from '#core/flow-document.ts';
import { openapiDocument } from '#server/api/openapi.ts';
import { ROUTES } from '#server/api/routes.ts';

const reference = asReference(openapiDocument());
const calls = reference.tags.flatMap(({ name }) => callsOf(reference, name));
const curlOf = (id: string) => {
  const call = calls.find(({ operation }) => operation.operationId === id);
  if (!call) throw new Error(`There is no call ${id}.`);
  return curlExample(reference, call);
};

describe('the page', () => {
  const html = renderToStaticMarkup(<ApiReference reference={reference} />);

  test('has a section and a link for every call and every schema', () => {
    expect(calls.map(({ operation }) => operation.operationId).sort()).toEqual(
      ROUTES.map(({ id }) => id).sort(),
    );
    for (const { operation } of calls) expect(html).toContain(`id="${operation.operationId}"`);
    for (const name of Object.keys(reference.components.schemas))
      expect(html).toContain(`id="schema-${name}"`);
  });

  test('has no link to a place that it has not, and loads nothing from elsewhere', () => {
    const targets = [...html.matchAll(/href="#([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(targets.length).toBeGreaterThan(200);
    expect([...new Set(targets)].filter((id) => !html.includes(` id="${id}"`))).toEqual([]);
    expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
  });

  test('gives every id once', () => {
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });
});

describe('a curl example', () => {
  test('reads with nothing but the key', () => {
    expect(curlOf('readFlow')).toBe(
      'curl "$PATCHBAY_URL/api/v1/flows/order-fan-out" \\\n  -H "Authorization: Bearer $PATCHBAY_API_KEY"',
    );
  });

  test('sends a body that the call takes', () => {
    const curl = curlOf('putFlow');
    expect(curl).toContain('curl -X PUT "$PATCHBAY_URL/api/v1/flows/order-fan-out"');
    const body: unknown = JSON.parse(curl.slice(curl.indexOf("-d '") + 4, -1));
    expect(flowDocumentSchema.parse(body).slug).toBe('order-fan-out');
  });

  test.each(
    ROUTES.filter((route) => route.body && !route.documentedBody).map((route) => [route.id, route] as const),
  )('of %s is accepted by its schema', (id, route) => {
    const curl = curlOf(id);
    const body: unknown = JSON.parse(curl.slice(curl.indexOf("-d '") + 4, -1));
    expect(route.body?.safeParse(body).error?.issues ?? []).toEqual([]);
  });

  test('of a stream does not buffer', () => {
    expect(curlOf('streamRuns')).toMatch(/^curl -N "/);
  });

  test('survives a quote in an example', () => {
    const [call] = calls.filter(({ operation }) => operation.operationId === 'createApiKey');
    const schemas = { ...reference.components.schemas, CreateApiKey: { examples: ["it's"] } };
    const curl = curlExample({ ...reference, components: { ...reference.components, schemas } }, call!);
    expect(curl).toContain(`-d '"it'\\''s"'`);
  });
});

describe('a schema', () => {
  const schema: Schema = {
    type: 'object',
    required: ['data'],
    properties: {
      data: {
        type: 'array',
        maxItems: 5,
        items: { type: 'object', properties: { id: { $ref: '#/components/schemas/Slug' } } },
      },
      kind: { enum: ['a', 'b'], default: 'a', description: 'Which.' },
      when: { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] },
    },
  };

  test('is a table of its members, nested ones with their path', () => {
    expect(
      schemaRows(schema).map((row) => [row.path, row.isRequired, row.type.map(({ text }) => text).join('')]),
    ).toEqual([
      ['data', true, 'list of object'],
      ['data[].id', false, 'Slug'],
      ['kind', false, '"a" | "b"'],
      ['when', false, 'text (date-time) or null'],
    ]);
    expect(schemaRows(schema).map((row) => row.description)).toEqual([
      'At most 5 items.',
      '',
      'Which. Default `"a"`.',
      '',
    ]);
  });

  test.each<[Schema, string]>([
    [{}, 'any JSON'],
    [{ type: ['string', 'null'] }, 'text or null'],
    [{ const: 1 }, '1'],
    [{ type: 'object', additionalProperties: { type: 'integer' } }, 'object of whole number'],
  ])('%j is called %s', (each, words) => {
    expect(
      typeParts(each)
        .map(({ text }) => text)
        .join(''),
    ).toBe(words);
  });

  test('has an example', () => {
    expect(exampleOf(reference, schema)).toEqual({ data: [] });
  });
});
