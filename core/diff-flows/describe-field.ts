import { fieldName } from '../field-name.ts';
import { jsonPointer } from '../fault.ts';
import { isJsonObject, type Json } from '../json.ts';
import { lineCounts } from './diff-lines.ts';
import type { NodeDiff } from './diff-flows.ts';
import { isReordered, type FieldChange } from './field-changes.ts';
import { isLongText, textOf, valueWords } from './value-words.ts';

/** A changed field of a node, in words: "Create deal: amount is now trigger.body.total". */
export function describeNodeField(
  { nodeId, before, after }: NodeDiff,
  field: FieldChange,
  { name, oldName }: { name: (nodeId: string) => string; oldName: (nodeId: string) => string },
): string {
  const [first = ''] = field.path;
  const value = typeof field.after === 'string' ? field.after : undefined;
  switch (first) {
    case 'label':
      return `${oldName(nodeId)} is now called ${name(nodeId)}`;
    case 'type':
      return `${name(nodeId)} is now of the type ${value} instead of ${before?.type}`;
    case 'version':
      return `${name(nodeId)} is now of version ${after?.version} of its type instead of ${before?.version}`;
    case 'connection':
      return value === undefined
        ? `${name(nodeId)} uses no connection any more`
        : `${name(nodeId)} now uses the connection ${value}${instead(field.before)}`;
    case 'parent':
      return value === undefined
        ? `${name(nodeId)} is no longer in ${name(before?.parent ?? '')}`
        : `${name(nodeId)} is now in ${name(value)}`;
    case 'compensate':
      return value === undefined
        ? `${name(nodeId)} is no longer undone by ${name(before?.compensate ?? '')}`
        : `${name(nodeId)} is now undone by ${name(value)}`;
    default:
      return `${name(nodeId)}: ${becomes(nodeFieldName(field.path), field)}`;
  }
}

/** A changed field of the flow itself, in words: "Time limit of a run is now 3600". */
export function describeFlowField(field: FieldChange): string {
  const [first = '', second] = field.path;
  if (first !== 'settings' || second === undefined) return becomes(`The ${first} of the flow`, field);
  if (second === 'onFailure')
    return typeof field.after === 'string'
      ? `A failed run now starts the flow ${field.after}${instead(field.before)}`
      : 'A failed run starts no other flow any more';
  const setting = field.path.slice(1).join('.');
  return (
    wholeSetting(setting, field.after) ?? becomes(SETTING_NAMES[setting] ?? `The setting ${setting}`, field)
  );
}

/** A setting of several parts that came as a whole; undefined for every other. */
function wholeSetting(setting: string, after: Json | undefined): string | undefined {
  if (!isJsonObject(after)) return undefined;
  const words = (part: string) => valueWords(after[part] ?? null);
  switch (setting) {
    case 'businessKey':
      return `Runs are now found by ${textOf(after['name'] ?? null)}, which is ${words('value')}`;
    case 'concurrency':
      return `At most ${words('limit')} runs now go on at a time${after['key'] === undefined ? '' : ` for each ${words('key')}`}`;
    case 'rate':
      return `At most ${words('runs')} runs now start within ${words('seconds')} seconds`;
    default:
      return undefined;
  }
}

/** What people call a field of a node: `body.amount`, `timeout`. */
export function nodeFieldName(path: readonly string[]): string {
  return OPTION_NAMES[path.join('.')] ?? fieldName(jsonPointer([...path]));
}

const OPTION_NAMES: Readonly<Record<string, string>> = {
  config: 'the settings',
  timeoutSeconds: 'the timeout in seconds',
  onError: 'what happens on an error',
  join: 'what it waits for',
  effect: 'the effect',
  retry: 'the retry law',
  'retry.attempts': 'the number of attempts',
  'retry.baseSeconds': 'the first pause before a retry in seconds',
  'retry.maxSeconds': 'the longest pause before a retry in seconds',
};

const SETTING_NAMES: Readonly<Record<string, string>> = {
  timeoutSeconds: 'The time limit of a run in seconds',
  businessKey: 'The business key by which runs are found',
  'businessKey.name': 'What runs are found by',
  'businessKey.value': 'The value by which runs are found',
  concurrency: 'How many runs go on at a time',
  'concurrency.limit': 'The number of runs at a time',
  'concurrency.key': 'The key of the runs that take turns',
  rate: 'How fast runs start',
  'rate.runs': 'The number of runs that start in one interval',
  'rate.seconds': 'The interval in which runs start, in seconds',
};

function becomes(what: string, { before, after }: FieldChange): string {
  if (after === undefined) return `${what} is no longer set`;
  if (isReordered(before, after)) return `the order of the fields in ${what} changed`;
  if (isLongText(before) || isLongText(after)) return `${what} ${lineWords(before, after)}`;
  return `${what} is now ${valueWords(after)}`;
}

function lineWords(before: Json | undefined, after: Json): string {
  if (before === undefined) return 'was written';
  const { added, removed } = lineCounts(textOf(before) ?? '', textOf(after) ?? '');
  return `changed (${added} ${added === 1 ? 'line' : 'lines'} added, ${removed} removed)`;
}

function instead(before: Json | undefined): string {
  return typeof before === 'string' ? ` instead of ${before}` : '';
}
