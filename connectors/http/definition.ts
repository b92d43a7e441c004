import { z } from 'zod';

import type { ActionDef, ConnectorDef } from '#connectors/contract.ts';
import { jsonSchema } from '#core/flow-document.ts';
import type { JsonObject } from '#core/json.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const;

/** Methods that change nothing at the far end (RFC 9110, "safe"). */
export const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** Settings of `http.request`. */
export const requestInput = z.strictObject({
  method: z.enum(METHODS).default('GET').meta({ title: 'Method' }),
  url: z
    .string()
    .regex(/^https?:\/\/[^\s/?#]+\S*$/i, 'write a URL that starts with https:// or http://')
    .meta({ title: 'URL', placeholder: 'https://api.example.com/orders', widget: 'text' }),
  query: z
    .record(z.string(), z.union([scalar, z.array(scalar)]))
    .optional()
    .meta({
      title: 'Query',
      help: 'Added to the URL. A list repeats the name; null leaves it out.',
      widget: 'key_values',
    }),
  headers: z.record(z.string(), scalar).optional().meta({
    title: 'Headers',
    help: 'Null leaves a header out. Credentials belong in a connection, not here.',
    widget: 'key_values',
  }),
  bodyType: z
    .enum(['json', 'form', 'text', 'none'])
    .default('json')
    .meta({
      title: 'Body type',
      showIf: { field: 'method', in: ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] },
    }),
  body: z
    .unknown()
    .optional()
    .meta({
      title: 'Body',
      help: 'Not sent with GET and HEAD.',
      widget: 'value',
      showIf: { field: 'method', in: ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] },
    }),
});

const request: ActionDef = {
  kind: 'action',
  id: 'request',
  version: 1,
  label: 'HTTP request',
  summary: 'Calls any HTTP API. Every status but 2xx is an error.',
  icon: 'globe',
  effect: (config) => effectOf(config),
  input: requestInput,
  output: z.object({ status: z.int(), headers: z.record(z.string(), z.string()), body: jsonSchema }),
  sample: { status: 200, headers: { 'content-type': 'application/json' }, body: { id: 7, ok: true } },
  connectors: 'callers',
  initialConfig: { method: 'GET', url: '' },
};

export const httpConnector: ConnectorDef = {
  id: 'http',
  label: 'HTTP',
  summary: 'Call any HTTP API.',
  icon: 'globe',
  category: 'http',
  operations: [request],
};

/** A method that an expression decides may change something: `keyed`. */
function effectOf(config: JsonObject): 'read' | 'keyed' {
  const method = config['method'] ?? 'GET';
  return typeof method === 'string' && SAFE_METHODS.has(method) ? 'read' : 'keyed';
}
