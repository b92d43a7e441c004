import type { z } from 'zod';

import {
  FLOW_LIMITS,
  flowDocumentSchema,
  flowEdgeSchema,
  flowNodeSchema,
  flowSettingsSchema,
} from '#core/flow-document.ts';
import { DEFAULT_RETRY } from '#core/retry.ts';
import { kindOf, schemaNode } from './describe-schema.ts';
import { readExample, TOPICS } from './example.ts';
import { exampleText } from './example-text.ts';
import { code, page, table } from './markdown.ts';

type Described<S extends z.ZodObject> = Readonly<Record<keyof S['shape'] & string, string>>;

/** A field of the document without a line here does not compile: the types of the tables say so. */
const DOCUMENT: Described<typeof flowDocumentSchema> = {
  format: 'Always 1.',
  name: 'What people call it.',
  slug: 'Its name in addresses, unique in the workspace: small letters, digits and hyphens.',
  description: 'For people.',
  settings: 'See below.',
  nodes: `Exactly one of them a trigger; ${FLOW_LIMITS.nodes.toLocaleString('en')} at most.`,
  edges: `Who leads to whom; ${FLOW_LIMITS.edges.toLocaleString('en')} at most. No circles.`,
  notes: 'Notes on the canvas.',
  pins: 'Outputs that are kept for tests in the editor, by node id. Runs ignore them.',
  pinSets:
    'More answers for tests: `{ "card declined": { "charge": { "error": { "kind", "code", "message" } } } }`, or `{ "output", "ports" }`. A set stands over `pins`; the set `default` belongs to `pins`. Runs ignore them, but for tests by hand that are started with them.',
};

const SETTINGS: Described<typeof flowSettingsSchema> = {
  timeoutSeconds: 'The deadline of a whole run, waits included. Default 3600. A run that exceeds it fails.',
  concurrency:
    '`{ "key", "limit" }`: how many runs with the same key go on at a time. The key is an expression over the event (`{ "$expr": "trigger.body.customer.id" }`); without one the limit holds for the flow. Runs start in the order in which their events came.',
  businessKey:
    '`{ "name", "value" }`: what a run is about, such as order 4711. `name` says what it is a number of (`order`), `value` computes it of the event (`{ "$expr": "trigger.body.number" }`). Runs show it and are found by it. An expression that fails costs no event its run: the run says why it has no key.',
  rate: '`{ "runs", "seconds" }`: how many runs may start within so many seconds. The others wait their turn.',
  onFailure:
    'The slug of a flow that is started by each failed run of this one, with the input `{ "run": { "id", "flow", "version", "startedAt", "finishedAt", "url" }, "error", "input" }`.',
};

const NODE: Described<typeof flowNodeSchema> = {
  id: 'How expressions name it: `steps.<id>`. It never changes.',
  type: 'The connector and the operation, such as `core.map`.',
  version: 'The version of the type. Old versions go on working.',
  label: 'What the canvas shows.',
  position: 'Where it stands on the canvas.',
  connection: 'The slug of a connection of the workspace.',
  config: 'The settings of its type.',
  retry: `\`{ "attempts", "baseSeconds", "maxSeconds" }\`: how a failed attempt is repeated. Waits grow from the base to the maximum. Default: ${retryDefault()}. Only failures that may pass are repeated: network faults, time-outs, 408, 425, 429 and 5xx.`,
  timeoutSeconds: 'How long one attempt may take.',
  onError:
    '`fail` (default): the run, or the item of the loop, fails. `continue`: the flow goes on by `out` with the output `{ "error": … }`. `branch`: it goes on by the port `error` with that output.',
  join: 'With several edges coming in. `all` (default): it runs once each of them was followed or can no longer be. `any`: with the first.',
  effect: 'Says better than its type what a repetition does: `read`, `keyed` or `once`.',
  compensate:
    'The id of the node that undoes this one when the run fails after it succeeded, the last step first.',
  parent: 'The id of the loop that it is in.',
};

const EDGE: Described<typeof flowEdgeSchema> = {
  from: 'The id of a node.',
  port: 'The port of that node; `out` unless it says otherwise.',
  to: 'The id of a node.',
};

/** The page about the document, the settings of a flow, and the options that every node has. */
export async function flowPage(): Promise<string> {
  const examples = await Promise.all(TOPICS.map(readExample));
  return page(
    '# Flows',
    'A flow as export, import, git and the API carry it. What is not listed here is refused.',
    '## Document',
    rows(flowDocumentSchema, DOCUMENT),
    '## Settings of a flow',
    rows(flowSettingsSchema, SETTINGS),
    '## Nodes',
    rows(flowNodeSchema, NODE),
    '## Edges',
    rows(flowEdgeSchema, EDGE),
    ...examples.map((example) => `## Example: ${example.flow.name}\n\n${exampleText(example)}`),
    'The exact meaning of joins, loops, waits, calls and undoing is in [decision 13](../decisions/0013-orchestration.md).',
    '[All node types](README.md) · [expressions](expressions.md)',
  );
}

function retryDefault(): string {
  const { attempts, baseSeconds, maxSeconds } = DEFAULT_RETRY;
  return `${attempts} attempts, from ${baseSeconds} s to ${maxSeconds} s`;
}

function rows<S extends z.ZodObject>(schema: S, described: Described<S>): string {
  const { properties = {}, required = [] } = schemaNode(schema, 'input');
  return table(
    ['field', 'value', '', 'meaning'],
    Object.entries<string>(described).map(([name, meaning]) => [
      code(name),
      kindOf(properties[name] ?? {}),
      required.includes(name) ? 'required' : '',
      meaning,
    ]),
  );
}
