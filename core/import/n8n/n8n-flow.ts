import { own } from '../own.ts';
import type { NoteColor } from '../../flow-document.ts';
import type { Json } from '../../json.ts';
import { slugFromName } from '../../slug-from-name.ts';
import { fieldOf, whole } from '../js/jsonata-text.ts';
import { at, objectsAt, textAt } from '../json-fields.ts';
import { expr, given, toWrite } from '../mapped.ts';
import { type ItemData, many, one, unknown } from './item-data.ts';
import { askValue, becomes, leftOut, type N8nMapping, type N8nNode, tell } from './n8n-node.ts';

/** The reply to the caller of a webhook. */
export const respond: N8nMapping = (node) => {
  const { parameters, values } = node;
  const kind = textAt(parameters, ['respondWith'], 'firstIncomingItem');
  const status = values.value(
    at(parameters, 'options', 'responseCode') ?? (kind === 'redirect' ? 302 : 200),
    'Status',
  );
  const headers = Object.fromEntries(
    objectsAt(parameters, 'options', 'responseHeaders', 'entries').map((entry) => [
      textAt(entry, ['name']),
      values.value(entry['value'], 'Headers'),
    ]),
  );
  const body = replyBody(node, kind);
  if (kind === 'redirect')
    headers['location'] = values.value(at(parameters, 'redirectURL'), 'Headers: location');
  return becomes(
    node,
    'core.respond',
    given({ status, ...(Object.keys(headers).length > 0 && { headers }), body }),
    node.input(),
  );
};

function replyBody(node: N8nNode, kind: string): Json | undefined {
  const { parameters, values } = node;
  switch (kind) {
    case 'json':
      return values.json(at(parameters, 'responseBody'), 'Body');
    case 'text':
      return values.value(at(parameters, 'responseBody'), 'Body');
    case 'firstIncomingItem':
      return values.value('={{ $json }}', 'Body');
    case 'allIncomingItems': {
      const input = node.input();
      return input.kind === 'many' ? expr(input.text) : [values.value('={{ $json }}', 'Body')];
    }
    case 'noData':
    case 'redirect':
      return undefined;
    default:
      askValue(node, 'Body', `A reply of the kind “${kind}” is not made.`, 'Reply with JSON or text.');
      return undefined;
  }
}

const SECONDS: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 };

export const wait: N8nMapping = (node) => {
  const { parameters, values } = node;
  const resume = textAt(parameters, ['resume'], 'timeInterval');
  if (resume === 'specificTime') {
    return becomes(
      node,
      'core.wait',
      { until: values.value(at(parameters, 'dateTime'), 'Until') },
      node.input(),
    );
  }
  if (resume !== 'timeInterval') {
    return leftOut(
      node,
      'It waits for a call or a form, which a step here does not.',
      'Let a second flow begin with a webhook, or use an Approval.',
    );
  }
  const unit = own(SECONDS, textAt(parameters, ['unit'], node.version >= 1.1 ? 'seconds' : 'hours')) ?? 1;
  const raw = at(parameters, 'amount') ?? (node.version >= 1.1 ? 5 : 1);
  const piece = values.piece(raw, 'Seconds');
  const amount = Number(piece?.text);
  const seconds =
    piece === undefined
      ? toWrite(JSON.stringify(raw))
      : Number.isNaN(amount)
        ? expr(`(${piece.text}) * ${unit}`)
        : amount * unit;
  return becomes(node, 'core.wait', { seconds }, node.input());
};

export const call: N8nMapping = (node) => {
  const { parameters, values } = node;
  const written = at(parameters, 'workflowId');
  const name = textAt(written, ['cachedResultName']);
  askValue(
    node,
    'Flow',
    'A flow is called by its slug.',
    'Import that workflow, too, publish it, and choose it here.',
    name || textAt(written, ['value'], textAt(parameters, ['workflowId'])),
  );
  const isAwaited = at(parameters, 'options', 'waitForSubWorkflow') !== false;
  const inputs = at(parameters, 'workflowInputs', 'value');
  const input =
    inputs === undefined || Object.keys(inputs ?? {}).length === 0
      ? values.value('={{ $json }}', 'Input')
      : values.value(inputs, 'Input');
  return becomes(node, 'core.call', {
    ...(name !== '' && { flow: slugFromName(name) }),
    input,
    wait: isAwaited,
  });
};

export const stop: N8nMapping = (node) => {
  const isObject = textAt(node.parameters, ['errorType'], 'errorMessage') === 'errorObject';
  const message = isObject
    ? node.values.value(at(node.parameters, 'errorObject'), 'Message')
    : node.values.value(at(node.parameters, 'errorMessage') ?? 'Stopped', 'Message');
  return becomes(node, 'core.stop', { status: 'failed', message });
};

/** Two or more ways that meet. */
export const merge: N8nMapping = (node) => {
  const { parameters, version } = node;
  const mode = textAt(parameters, ['mode'], 'append');
  const by = textAt(
    parameters,
    [version >= 3 ? 'combineBy' : 'combinationMode'],
    version >= 3 ? 'combineByFields' : 'mergeByFields',
  );
  const inputs = node.inputs();
  const [first = unknown('nothing comes in')] = inputs;
  const texts = inputs.map((input) =>
    input.kind === 'unknown' || (input.kind === 'one' && input.fields !== undefined) ? undefined : input.text,
  );
  const bad = inputs.find((input) => input.kind === 'unknown');
  if (texts.includes(undefined)) {
    askValue(
      node,
      'Output',
      `What comes in is not known: ${bad?.kind === 'unknown' ? bad.why : 'the event has another form here'}.`,
      'Write what the ways give together.',
    );
    return becomes(node, 'core.map', { output: toWrite(mode) });
  }
  if (mode === 'append') {
    const list = inputs.map((input, index) =>
      input.kind === 'many' ? (texts[index] ?? '') : `[${texts[index] ?? ''}]`,
    );
    const output = list.reduce((before, next) => `$append(${before}, ${next})`);
    return becomes(node, 'core.map', { output: expr(output) }, many(`steps.${node.id}`));
  }
  if (mode === 'chooseBranch' || mode === 'passThrough' || mode === 'wait') {
    const second = textAt(parameters, ['output'], textAt(parameters, ['useDataOfInput'], 'input1'));
    const chosen = inputs[/2/.test(second) ? 1 : 0] ?? first;
    const text = chosen.kind === 'unknown' ? '{}' : chosen.text;
    return becomes(
      node,
      'core.map',
      { output: expr(text) },
      chosen.kind === 'many' ? many(`steps.${node.id}`) : one(`steps.${node.id}`),
    );
  }
  const isByPlace =
    mode === 'mergeByIndex' ||
    by === 'combineByPosition' ||
    by === 'mergeByPosition' ||
    by === 'combineAll' ||
    by === 'multiplex' ||
    mode === 'multiplex';
  if (isByPlace && inputs.every(({ kind }) => kind === 'one')) {
    return becomes(node, 'core.map', { output: expr(`$merge([${texts.join(', ')}])`) });
  }
  askValue(
    node,
    'Output',
    'Lists are joined by fields or places.',
    'Write the list that the ways give together, with $keyBy and $lookup.',
    JSON.stringify(
      given({ mode, by, fields: at(parameters, 'fieldsToMatchString') ?? at(parameters, 'mergeByFields') }),
    ),
  );
  return becomes(node, 'core.map', { output: toWrite(`${mode} ${by}`) }, many(`steps.${node.id}`));
};

/** A list, item by item: the body is what the loop output led to. */
export const batches: N8nMapping = (node) => {
  const input = node.input();
  const size = textAt(node.parameters, ['batchSize'], node.version >= 2 ? '1' : '10');
  if (size !== '1')
    tell(
      node,
      'Batch size',
      `Items are worked on one at a time; n8n took ${size} at a time. “At a time” lets several go side by side.`,
    );
  return loop(
    node,
    input.kind === 'many' || input.kind === 'one' ? input.text : undefined,
    input.kind === 'unknown' ? input.why : undefined,
    input.kind === 'one',
    node.version >= 3 ? 1 : 0,
  );
};

export const splitOut: N8nMapping = (node) => {
  const field = textAt(node.parameters, ['fieldToSplitOut'], textAt(node.parameters, ['fieldToSplitOut']));
  const path = field.startsWith('=') || field.includes(',') || field === '' ? undefined : field.split('.');
  const input = node.input();
  if (path === undefined)
    askValue(node, 'Items', 'Only one field of a plain name is split.', 'Write the list.', field);
  if (textAt(node.parameters, ['include'], 'noOtherFields') !== 'noOtherFields')
    askValue(
      node,
      'Items',
      'Other fields do not go along into the loop.',
      'Read them there from the step before it.',
    );
  const text =
    path === undefined || input.kind !== 'one'
      ? undefined
      : path.reduce(
          (piece, name) =>
            input.fields?.[name] !== undefined && piece.text === input.text
              ? whole(input.fields[name])
              : fieldOf(piece, name),
          whole(input.text),
        ).text;
  return loop(node, text, input.kind === 'unknown' ? input.why : undefined, false, 0);
};

function loop(
  node: N8nNode,
  items: string | undefined,
  why: string | undefined,
  isGuess: boolean,
  bodyOutput: number,
): ReturnType<N8nMapping> {
  if (items === undefined)
    askValue(
      node,
      'Items',
      `The list is not known${why === undefined ? '' : `: ${why}`}.`,
      'Write the list to go through.',
    );
  else if (isGuess)
    askValue(
      node,
      'Items',
      'Whether this gives a list is not known: n8n makes items of lists by itself.',
      'See that it is a list, or name the field that holds it.',
      items,
    );
  const inBody: ItemData = { kind: 'one', text: 'item', scope: node.source.key, readsItem: true };
  return {
    outcome: 'node',
    node: { type: 'core.each', config: { items: items === undefined ? toWrite('') : expr(items) } },
    port: (output) => (output === bodyOutput ? undefined : 'out'),
    data: (output) =>
      output === bodyOutput ? inBody : (node.loopResults ?? unknown('what the loop gives is not known')),
  };
}

/** What the items of a loop gave, as one item. */
export const aggregate: N8nMapping = (node) => {
  const input = node.input();
  const isAll =
    textAt(node.parameters, ['aggregate'], 'aggregateIndividualFields') === 'aggregateAllItemData';
  if (input.kind !== 'many') {
    const why = input.kind === 'unknown' ? input.why : 'one item comes in';
    askValue(node, 'Output', `The list to gather is not known: ${why}.`, 'Write the value.');
    return becomes(node, 'core.map', { output: toWrite('') });
  }
  if (isAll) {
    const name = textAt(node.parameters, ['destinationFieldName'], 'data');
    return becomes(node, 'core.map', { output: { [name]: expr(input.text) } });
  }
  const fields = objectsAt(node.parameters, 'fieldsToAggregate', 'fieldToAggregate');
  const output = Object.fromEntries(
    fields.map((field) => {
      const path = textAt(field, ['fieldToAggregate']).split('.');
      const name = textAt(field, ['outputFieldName'], '') || path.at(-1) || 'data';
      return [
        name,
        expr(`[${path.reduce((piece, part) => fieldOf(piece, part), whole(`(${input.text})`)).text}]`),
      ];
    }),
  );
  return becomes(node, 'core.map', { output });
};

export const limit: N8nMapping = (node) => {
  const input = node.input();
  if (input.kind !== 'many')
    return becomes(node, 'core.map', { output: node.values.value('={{ $json }}', 'Output') });
  const count = Number(textAt(node.parameters, ['maxItems'], '1')) || 1;
  const from = textAt(node.parameters, ['keep'], 'firstItems') === 'lastItems' ? 'end' : 'start';
  return becomes(node, 'data.limit', { items: expr(input.text), count, from }, many(`steps.${node.id}`));
};

export const stickyNote: N8nMapping = (node) => ({
  outcome: 'note',
  data: () => unknown('a note gives nothing'),
  text: textAt(node.parameters, ['content'], 'Note'),
  look: {
    size: {
      width: lengthAt(node.parameters, 'width') ?? 240,
      height: lengthAt(node.parameters, 'height') ?? 160,
    },
    color: NOTE_COLOR[Number(at(node.parameters, 'color') ?? 1)],
  },
});

/** n8n numbers the colours of its notes. */
const NOTE_COLOR: Readonly<Partial<Record<number, NoteColor>>> = {
  3: 'red',
  4: 'green',
  5: 'blue',
  6: 'violet',
  7: 'grey',
};

/** Within what anybody draws: the size of a note is no reason to refuse a flow. */
function lengthAt(parameters: Json | undefined, side: string): number | undefined {
  const length = Number(at(parameters, side));
  return length >= 32 && length <= 20_000 ? length : undefined;
}

export const through: N8nMapping = (node) => {
  tell(node, 'Node', 'What leads to it is connected to what it leads to.');
  return { outcome: 'through', data: () => node.input() };
};
