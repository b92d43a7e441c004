import type { ConnectorDef, OperationDef } from '#connectors/contract.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import type { JsonObject } from '#core/json.ts';
import { kindOf, schemaNode } from './describe-schema.ts';
import type { Example } from './example.ts';
import { code, jsonBlock, page, plain, table } from './markdown.ts';
import { outputRows } from './output-rows.ts';
import { settingsRows } from './settings-rows.ts';

/** What a page is made of. */
export interface NodeSubject {
  readonly connector: ConnectorDef;
  readonly operation: OperationDef;
  readonly example: Example;
}

const EFFECTS: Readonly<Record<string, string>> = {
  pure: 'None. It is worked out from its settings alone and is simply done again after a crash.',
  read: 'It changes nothing outside. After a crash it is repeated.',
  keyed:
    'It may change something outside. Each attempt carries the same idempotency key, so it is repeated after a crash.',
  once: 'It must not happen twice. If a crash leaves open whether it happened, the run stops _in doubt_ and asks a person.',
};

/** The reference page of one node type. */
export function nodePage({ connector, operation, example }: NodeSubject): string {
  const type = `${connector.id}.${operation.id}`;
  const rows = settingsRows(schemaNode(operation.input, 'input'));
  return page(
    `# ${plain(operation.label)}`,
    `${code(type)}, version ${operation.version}. ${plain(operation.summary)}`,
    remarks(operation),
    '## Settings',
    rows.length === 0 ? 'None.' : table(['setting', 'value', 'default', 'meaning'], rows),
    operation.kind === 'trigger' ? '' : `## Ports\n\n${ports(operation)}`,
    `## Output\n\n${output(operation)}`,
    operation.kind === 'trigger' ? '' : `## Effect\n\n${effect(operation)}`,
    `## Example\n\n${exampleText(example)}`,
    '[All node types](../README.md) · [expressions](../expressions.md) · [settings of flows and nodes](../flows.md)',
  );
}

function remarks(operation: OperationDef): string {
  const { isLoop, connectors, initialConfig = {} } = operation;
  const used = typeof connectors === 'function' ? connectors(initialConfig) : (connectors ?? []);
  const seconds = operation.kind === 'action' ? (operation.timeoutSeconds ?? 30) : undefined;
  return [
    operation.kind === 'trigger' ? 'A trigger: a flow begins with exactly one.' : '',
    isLoop ? `Its body is the nodes that name it as ${code('parent')}.` : '',
    typeof connectors === 'function' ? 'Some settings need a connection, which holds the secret.' : '',
    used.length > 0 ? `It may use a connection: ${used.map(code).join(', ')}.` : '',
    seconds === undefined ? '' : `An attempt may take ${seconds} s unless the node says otherwise.`,
  ]
    .filter((text) => text !== '')
    .join(' ');
}

function ports({ outputs, initialConfig = {} }: OperationDef): string {
  const own = typeof outputs === 'function' ? outputs(initialConfig) : (outputs ?? ['out']);
  const names = own.map(code).join(', ');
  const error = `With ${code('onError: branch')} there is ${code('error')}, too.`;
  if (typeof outputs === 'function')
    return `They depend on the settings; with those that a new node has: ${names}. ${error}`;
  return own.length === 0 ? 'None: the run ends here.' : `${names}. ${error}`;
}

function output({ output: schema, sample }: OperationDef): string {
  const node = schemaNode(schema, 'output');
  const rows = outputRows(node, 'steps.id');
  const kind = node.properties ? '' : `${kindOf(node)}.`;
  const fields = table(['in an expression, after a node `id`', 'value'], rows);
  return [kind.charAt(0).toUpperCase() + kind.slice(1), fields, 'For example:', jsonBlock(sample)]
    .filter((part) => part !== '')
    .join('\n\n');
}

function effect(operation: OperationDef): string {
  if (operation.kind === 'trigger') return '';
  const { effect: given, initialConfig = {} } = operation;
  if (typeof given !== 'function') return `${code(given)}: ${EFFECTS[given] ?? ''}`;
  const text = EFFECTS[given(initialConfig)] ?? '';
  return `It depends on the settings. With those that a new node has, ${code(given(initialConfig))}: ${text}`;
}

function exampleText({ about, flow, otherFlows, start, far, decide, expect }: Example): string {
  return [
    plain(about),
    jsonBlock(shortFlow(flow)),
    ...otherFlows.flatMap((other) => [
      `It needs this flow, published as ${code(other.slug)}:`,
      jsonBlock(shortFlow(other)),
    ]),
    startText(start),
    ...far.map(
      ({ request, reply }) =>
        `The far end answers ${code(`${request.method} ${request.path}`)} with ${reply.status}:\n\n${jsonBlock(reply.body)}`,
    ),
    decide ? `Somebody decides: ${decide.decision}, “${plain(decide.comment)}”.` : '',
    ...expectTexts(expect),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The document without what is empty anyway. */
function shortFlow({ format, name, slug, settings, nodes, edges }: FlowDocument): JsonObject {
  const rest = Object.keys(settings).length > 0 ? { settings } : {};
  return JSON.parse(JSON.stringify({ format, name, slug, ...rest, nodes, edges })) as JsonObject;
}

function startText(start: Example['start']): string {
  if ('input' in start) return `Started by hand with this input:\n\n${jsonBlock(start.input)}`;
  if ('tick' in start) return 'Its time comes.';
  const { method, query, headers, body } = start.webhook;
  const sent = Object.entries(headers).map(([name, value]) => `${code(`${name}: ${value}`)}`);
  const carried = sent.length > 0 ? ` with ${sent.join(', ')}` : '';
  return `It is called by ${code(`${method} /hooks/…${query}`)}${carried}:\n\n${jsonBlock(body)}`;
}

function expectTexts({
  status,
  output,
  error,
  ports: taken,
  calls = [],
  reply,
}: Example['expect']): readonly string[] {
  return [
    ...calls.map(({ method, path, body }) => {
      const line = `Then ${code(`${method} ${path}`)} arrives at the far end`;
      return body === undefined ? `${line}.` : `${line}:\n\n${jsonBlock(body)}`;
    }),
    reply ? `The caller is answered ${reply.status}:\n\n${jsonBlock(reply.body)}` : '',
    taken ? `It goes on by ${taken.length === 0 ? 'no port' : taken.map(code).join(', ')}.` : '',
    output === undefined
      ? `The run ends ${code(status)}.`
      : `The run ends ${code(status)} with the output:\n\n${jsonBlock(output)}`,
    error === undefined ? '' : `Its error, among other things:\n\n${jsonBlock(error)}`,
  ];
}
