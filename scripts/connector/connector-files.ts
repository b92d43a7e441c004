import type { ConnectorName } from './connector-name.ts';

/** Every file of a new connector, by its path in the repository. Prettier has not seen them yet. */
export function connectorFiles(name: ConnectorName): Readonly<Record<string, string>> {
  const { id, folder } = name;
  return {
    [`connectors/${folder}/definition.ts`]: definition(name),
    [`connectors/${folder}/operations.ts`]: operations(name),
    [`connectors/${folder}/mark.ts`]: mark(name),
    [`connectors/${folder}/handlers.ts`]: handlers(name),
    [`test/connectors/apps/${folder}.test.ts`]: test(name),
    [`docs/reference/examples/${id}.get_item.json`]: JSON.stringify(getExample(name)),
    [`docs/reference/examples/${id}.create_item.json`]: JSON.stringify(createExample(name)),
  };
}

function definition({ id, label, variable, baseUrl }: ConnectorName): string {
  return `import { z } from 'zod';

import type { ConnectorDef } from '#connectors/contract.ts';
import { httpOperations } from '#connectors/kit/http-operations.ts';
import { ${variable}Mark } from './mark.ts';
import { itemOperations } from './operations.ts';

const facts = {
  id: '${id}',
  label: '${label}',
  icon: 'plug',
  http: {
    // Where a refusal has the vendor's word and its sentence.
    failures: { code: ['/error/code'], message: ['/error/message', '/message'] },
  },
} as const;

export const ${variable}: ConnectorDef = {
  ...facts,
  summary: 'Items of ${label}.',
  category: 'app',
  mark: ${variable}Mark,
  // With consent instead: an empty object here, oauth below, and accessToken as the field of callAuth.
  connection: z.strictObject({
    token: z.string().min(1).meta({ title: 'API token', help: 'From the settings of your account.', secret: true }),
  }),
  callAuth: { kind: 'bearer', field: 'token' },
  baseUrl: '${baseUrl}',
  account: { url: '${baseUrl}/me', id: '/id', label: '/name' },
  // Until something of the vendor's judges the requests: see test/connectors/judge.
  proof: 'own_fake',
  operations: httpOperations(facts, itemOperations),
};
`;
}

function operations({ label }: ConnectorName): string {
  return `import { z } from 'zod';

import { setting } from '#connectors/kit/http-call.ts';
import type { HttpOperation } from '#connectors/kit/http-operations.ts';

const item = z.looseObject({ id: z.string(), name: z.string() });
const sample = { id: 'i-1', name: 'First' };

export const itemOperations: readonly HttpOperation[] = [
  {
    id: 'get_item',
    label: 'Get item',
    summary: 'Reads an item of ${label}.',
    effect: 'read',
    input: z.strictObject({ itemId: z.string().min(1).meta({ title: 'Item', help: 'Its id.', placeholder: 'i-1' }) }),
    output: item,
    sample,
    call: { method: 'GET', path: '/items/{itemId}' },
  },
  {
    id: 'create_item',
    label: 'Create item',
    summary: 'Adds an item to ${label}.',
    effect: 'once',
    input: z.strictObject({ name: z.string().min(1).meta({ title: 'Name', placeholder: 'First' }) }),
    output: item,
    sample,
    call: { method: 'POST', path: '/items', body: { name: setting('name') } },
  },
];
`;
}

function mark({ id, label, variable }: ConnectorName): string {
  return `import type { MarkShape } from '#connectors/contract.ts';

/** A tile, until somebody draws what stands for ${label}: outlines in a square of 24 by 24, in the vendor's colours. */
export const ${variable}Mark: readonly MarkShape[] = [
  { d: 'M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2z', fill: '${colourOf(id)}' },
  { d: 'M12 7l5 5-5 5-5-5z', fill: '#ffffff' },
];
`;
}

function handlers({ variable }: ConnectorName): string {
  return `import type { HandlerDef } from '#connectors/handle-action.ts';
import { httpHandlers } from '#connectors/kit/http-handlers.ts';
import { ${variable} } from './definition.ts';

export const ${variable}Handlers: readonly HandlerDef[] = httpHandlers(${variable});
`;
}

function test({ id, label, baseUrl }: ConnectorName): string {
  const path = new URL(baseUrl).pathname.replace(/\/$/, '');
  return `import { describe, expect, it } from 'vitest';

import { useApp } from './use-app.ts';

const app = useApp();

describe('${label}', () => {
  it('reads an item', async () => {
    app.sink.reply('${path}/items/i-1', { body: { id: 'i-1', name: 'First' } });
    const { output, requests } = await app.run('${id}.get_item', { itemId: 'i-1' });
    expect(output).toEqual({ id: 'i-1', name: 'First' });
    expect(requests[0]?.headers.authorization).toBe('Bearer a-token');
  });

  it('sends what an item is to be', async () => {
    app.sink.reply('${path}/items', { status: 201, body: { id: 'i-1', name: 'First' } });
    const { requests } = await app.run('${id}.create_item', { name: 'First' });
    expect(requests[0]?.json()).toEqual({ name: 'First' });
  });

  it('tells a refusal in the vendor’s words', async () => {
    app.sink.reply('${path}/items/i-2', { status: 404, body: { error: { code: 'gone', message: 'It was deleted' } } });
    const failure = await app.failureOf('${id}.get_item', { itemId: 'i-2' });
    expect(failure.message).toContain('It was deleted');
  });
});
`;
}

const SAMPLE = { id: 'i-1', name: 'First' };

function getExample(name: ConnectorName) {
  const path = `${new URL(name.baseUrl).pathname.replace(/\/$/, '')}/items/i-1`;
  return example(name, {
    about: 'An item is read by its id.',
    operation: 'get_item',
    config: { itemId: { $expr: 'trigger.body.id' } },
    input: { id: 'i-1' },
    far: { request: { method: 'GET', path }, reply: { body: SAMPLE } },
    call: { method: 'GET', path },
  });
}

function createExample(name: ConnectorName) {
  const path = `${new URL(name.baseUrl).pathname.replace(/\/$/, '')}/items`;
  return example(name, {
    about: 'Something that came in becomes an item.',
    operation: 'create_item',
    config: { name: { $expr: 'trigger.body.name' } },
    input: { name: 'First' },
    far: { request: { method: 'POST', path }, reply: { status: 201, body: SAMPLE } },
    call: { method: 'POST', path, body: { name: 'First' } },
  });
}

interface ExampleParts {
  readonly about: string;
  readonly operation: string;
  readonly config: object;
  readonly input: object;
  readonly far: object;
  readonly call: object;
}

function example({ id, folder }: ConnectorName, parts: ExampleParts) {
  const { about, operation, config, input, far, call } = parts;
  const connection = `our-${folder}`;
  const step = { id: 'step', type: `${id}.${operation}`, version: 1, connection, config };
  return {
    about,
    flow: {
      format: 1,
      name: operation === 'get_item' ? 'Get item' : 'Create item',
      slug: `${folder}-${operation.replaceAll('_', '-')}-example`,
      nodes: [{ id: 'start', type: 'core.manual', version: 1 }, step],
      edges: [{ from: 'start', to: 'step' }],
    },
    connections: { [id]: connection },
    start: { input },
    far: [far],
    expect: { status: 'succeeded', output: SAMPLE, calls: [call] },
  };
}

/** A colour out of the name, the same each time. */
function colourOf(id: string): string {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 0xffffff;
  return `#${sum.toString(16).padStart(6, '0')}`;
}
