import type { ConnectorDef, OperationDef } from '#connectors/contract.ts';
import { kindOf, schemaNode } from './describe-schema.ts';
import type { Example } from './example.ts';
import { exampleText } from './example-text.ts';
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
    callText(operation),
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
  const { isLoop, canWait, connectors, initialConfig = {} } = operation;
  const isNeeded = typeof connectors !== 'function' && operation.needsConnection?.(initialConfig) === true;
  const used = typeof connectors === 'function' ? connectors(initialConfig) : (connectors ?? []);
  const names = used === 'callers' ? ['any that shows who calls'] : used.map(code);
  const seconds =
    operation.kind === 'trigger' || operation.effect === 'pure' || canWait
      ? undefined
      : (operation.timeoutSeconds ?? 30);
  return [
    operation.kind === 'trigger' ? 'A trigger: a flow begins with exactly one.' : '',
    canWait ? 'While it waits, the run holds no worker.' : '',
    isLoop ? `Its body is the nodes that name it as ${code('parent')}.` : '',
    typeof connectors === 'function' ? 'Some settings need a connection, which holds the secret.' : '',
    names.length > 0
      ? `It ${isNeeded ? 'needs' : 'may use'} a connection: ${names.join(isNeeded ? ' or ' : ', ')}.`
      : '',
    seconds === undefined ? '' : `An attempt may take ${seconds} s unless the node says otherwise.`,
  ]
    .filter((text) => text !== '')
    .join(' ');
}

function callText(operation: OperationDef): string {
  const call = operation.kind === 'action' ? operation.call : undefined;
  const told = call ? `It calls ${code(`${call.method} ${call.path.replaceAll('+}', '}')}`)}.` : '';
  return [told, plain(operation.note ?? '')].filter((text) => text !== '').join(' ');
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
