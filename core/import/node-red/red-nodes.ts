import { own } from '../own.ts';
import type { Json, JsonObject } from '../../json.ts';
import { at, objectsAt, textAt } from '../json-fields.ts';
import { expr, given } from '../mapped.ts';
import { connectionHint, isSecretName } from '../secret-names.ts';
import { type MsgData, msgWith, msgWithout } from './msg-data.ts';
import { asValue } from './msg-values.ts';
import { change } from './red-change.ts';
import { runs } from './red-function.ts';
import { ask, know, notImported, type RedMapping, type RedNode, turnsInto } from './red-node.ts';
import { ways } from './red-switch.ts';

const template: RedMapping = (node) => {
  const { settings, msg, id } = node;
  const text = textAt(settings, ['template']);
  const field = textAt(settings, ['field'], 'payload');
  const isMustache = textAt(settings, ['syntax'], 'mustache') === 'mustache';
  const made = isMustache ? node.values.template(text, 'Template', true) : text;
  const format = textAt(settings, ['output'], 'str');
  if (format === 'yaml') ask(node, 'Output', 'YAML is not read.', 'Write the template as JSON.');
  const isJson = format === 'json';
  return turnsInto(
    node,
    'core.map',
    { output: made },
    msgWith(msg, { [field]: isJson ? `$parseJson(steps.${id})` : `steps.${id}` }),
  );
};

const httpRequest: RedMapping = (node) => {
  const { settings, msg, id, values } = node;
  const written = textAt(settings, ['method'], 'GET').toUpperCase();
  const method = written === 'USE' ? values.property('method', 'Method') : written;
  const address = textAt(settings, ['url']);
  const url = address === '' ? values.property('url', 'URL') : values.template(address, 'URL', false);
  if (textAt(settings, ['authType']) !== '') {
    node.hint({
      kind: 'do',
      place: 'Connection',
      why: 'Credentials are not part of an export.',
      remedy: 'Choose a connection for this API, or make one.',
    });
  }
  if (textAt(settings, ['proxy']) !== '')
    ask(node, 'Proxy', 'Calls go straight to the address.', 'Have whoever runs Patchbay route the call.');
  if (textAt(settings, ['ret'], 'txt') === 'bin')
    ask(node, 'Reply', 'Files are not kept between steps.', 'Have the API give JSON or text.');
  const hasQuery = at(settings, 'paytoqs') === true || textAt(settings, ['paytoqs']) === 'query';
  const hasBody = written !== 'GET' && written !== 'HEAD' && !hasQuery && written !== 'USE';
  if (written === 'USE')
    ask(
      node,
      'Body',
      'Whether a body is sent depends on the method, which is worked out.',
      'Choose what is sent.',
    );
  const headers = headersOf(node);
  const config = given({
    method,
    url,
    query: hasQuery ? values.property('payload', 'Query') : undefined,
    headers: Object.keys(headers).length > 0 ? headers : undefined,
    body:
      hasBody && (msg.fields.size > 0 || msg.rest !== undefined)
        ? values.property('payload', 'Body')
        : undefined,
  });
  const replied = msgWith(msg, {
    payload: `steps.${id}.body`,
    statusCode: `steps.${id}.status`,
    headers: `steps.${id}.headers`,
  });
  return turnsInto(node, 'http.request', config, replied);
};

function headersOf(node: RedNode): JsonObject {
  const rows = objectsAt(node.settings, 'headers').map((row) => ({
    name: textAt(row, ['keyValue'], '') || textAt(row, ['keyType']),
    value: textAt(row, ['valueValue'], '') || textAt(row, ['valueType']),
    type: textAt(row, ['valueType']),
  }));
  const kept = rows.filter(({ name, type }) => {
    if (!isSecretName(name) || type === 'msg') return name !== '';
    node.hint(connectionHint(`Header ${name}`, 'api_key', name));
    return false;
  });
  return Object.fromEntries(
    kept.map(({ name, value, type }): [string, Json] => [
      name,
      node.values.value(value, type === 'msg' ? 'msg' : 'str', `Header ${name}`),
    ]),
  );
}

const httpResponse: RedMapping = (node) => {
  const { settings, values, msg } = node;
  const written = Number(textAt(settings, ['statusCode']));
  const own = msg.fields.get('statusCode');
  const status = written > 0 ? written : own === undefined ? 200 : expr(own);
  const headers = at(settings, 'headers');
  const isFilled = typeof headers === 'object' && headers !== null && Object.keys(headers).length > 0;
  const config = given({
    status,
    headers: isFilled ? headers : undefined,
    body: values.property('payload', 'Body'),
  });
  return turnsInto(node, 'core.respond', config, msg);
};

const SECONDS: Readonly<Record<string, number>> = {
  milliseconds: 0.001,
  seconds: 1,
  minutes: 60,
  hours: 3_600,
  days: 86_400,
};

const delay: RedMapping = (node) => {
  const { settings, msg } = node;
  const kind = textAt(settings, ['pauseType'], 'delay');
  if (kind === 'rate' || kind === 'queue' || kind === 'timed') {
    return notImported(
      node,
      'It holds messages of many runs back.',
      'In the settings of the flow, limit how many runs start within a time, and connect what stood before and after it.',
    );
  }
  if (kind !== 'delay')
    return notImported(
      node,
      'How long it waits depends on chance or on the message.',
      'Add a Wait with the seconds as an expression.',
    );
  const unit = own(SECONDS, textAt(settings, ['timeoutUnits'], 'seconds')) ?? 1;
  return turnsInto(
    node,
    'core.wait',
    { seconds: (Number(textAt(settings, ['timeout'], '5')) || 0) * unit },
    msg,
  );
};

/** A list item by item, or a text line by line. */
const split: RedMapping = (node) => {
  const { settings, msg, values } = node;
  const property = textAt(settings, ['property'], 'payload');
  const piece = values.piece(property, 'msg', 'Items');
  const separator = textAt(settings, ['splt'], '\\n')
    .replaceAll('\\n', '\n')
    .replaceAll('\\t', '\t')
    .replaceAll('\\r', '\r');
  if (textAt(settings, ['spltType'], 'str') !== 'str')
    ask(node, 'Items', 'Texts are only split at a text.', 'Write the list.');
  if (Number(textAt(settings, ['arraySplt'], '1')) > 1)
    ask(node, 'Items', 'It makes groups of several items.', 'Put “Batches” before the loop.');
  const text = piece?.text ?? '';
  const items = `$type(${text}) = "string" ? $split(${text}, ${JSON.stringify(separator)}) : ${text}`;
  const outer = [...msg.fields].filter(([, found]) => !/\b(?:item|index)\b/.test(found) && found !== '');
  const inside: MsgData = msgWith(
    { ...msg, fields: new Map(outer) },
    { [property]: 'item', 'parts.index': 'index' },
  );
  return {
    outcome: 'node',
    node: {
      type: 'core.each',
      config: {
        items: piece === undefined ? { $expr: '' } : text.startsWith('[') ? asValue({ text }) : expr(items),
      },
    },
    port: () => undefined,
    data: () => inside,
  };
};

/** What a loop gave, as one message. */
const join: RedMapping = (node) => {
  const { settings, msg, id } = node;
  if (!node.gathers)
    return notImported(
      node,
      'It gathers messages of different times, which are different runs here.',
      'Keep what is to be gathered in a database, and read it at a time.',
    );
  const build =
    textAt(settings, ['mode'], 'auto') === 'auto' ? 'array' : textAt(settings, ['build'], 'array');
  const results = msg.fields.get('payload');
  if (results === undefined)
    ask(
      node,
      'Output',
      'Which step of the loop gives the results is not known.',
      'Write the list: the results of the loop.',
    );
  if (build !== 'array' && build !== 'string')
    ask(node, 'Output', `Building “${build}” is not taken over.`, 'Write the value with $keyBy or $merge.');
  const isOpen = results === undefined || (build !== 'array' && build !== 'string');
  const joiner = textAt(settings, ['joiner'], '\\n').replaceAll('\\n', '\n');
  const text = build === 'string' ? `$join($map(${results}, $string), ${JSON.stringify(joiner)})` : results;
  return turnsInto(
    node,
    'core.map',
    { output: isOpen || text === undefined ? { $expr: '' } : expr(text) },
    msgWith(msg, { payload: `steps.${id}` }),
  );
};

const json: RedMapping = (node) => {
  const { settings, values, msg, id } = node;
  const property = textAt(settings, ['property'], 'payload');
  const piece = values.piece(property, 'msg', 'Output');
  const action = textAt(settings, ['action']);
  const of = piece?.text ?? '';
  const made =
    action === 'obj'
      ? `$type(${of}) = "string" ? $parseJson(${of}) : ${of}`
      : action === 'str'
        ? `$type(${of}) = "string" ? ${of} : $string(${of})`
        : `$type(${of}) = "string" ? $parseJson(${of}) : $string(${of})`;
  return turnsInto(
    node,
    'core.map',
    { output: expr(piece === undefined ? '' : made) },
    msgWith(msg, { [property]: `steps.${id}` }),
  );
};

const csv: RedMapping = (node) => {
  const { settings, values, msg, id } = node;
  const columns = textAt(settings, ['temp'])
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const hasNames = at(settings, 'hdrin') === true || textAt(settings, ['hdrin']) === 'true';
  const separator = textAt(settings, ['sep'], ',');
  ask(
    node,
    'Direction',
    'In Node-RED the same node reads and writes CSV; here it reads.',
    'If it wrote CSV, put “Build CSV” in its place.',
  );
  const config = given({
    text: values.property('payload', 'Text'),
    delimiter: separator === '\\t' || separator === '\t' ? 'tab' : separator,
    header: hasNames ? 'first_row' : columns.length > 0 ? 'given' : 'none',
    columns: !hasNames && columns.length > 0 ? columns : undefined,
    values: at(settings, 'strings') === false ? undefined : 'guess',
  });
  const isList = textAt(settings, ['multi'], 'one') === 'mult';
  if (!isList)
    ask(
      node,
      'Output',
      'Node-RED sends a message for each row; here the step gives the list of rows.',
      `Put what follows into a “For each” over steps.${id}.`,
    );
  const data = isList
    ? msgWith(msg, { payload: `steps.${id}` })
    : msgWithout(msg, 'payload', 'it was one row at a time; here it is the list of rows');
  return turnsInto(node, 'data.parse_csv', config, data);
};

const xml: RedMapping = (node) => {
  const { values, msg } = node;
  ask(
    node,
    'Direction',
    'In Node-RED the same node reads and writes XML, and makes a list of every element; here it reads, and an element that is there once is no list.',
    'Look at what it gives, name in “Always lists” what is to be a list, or put “Build XML” in its place.',
  );
  return turnsInto(
    node,
    'data.parse_xml',
    { text: values.property('payload', 'Text') },
    msgWithout(msg, 'payload', 'XML has another form here'),
    {},
  );
};

const mail: RedMapping = (node) => {
  const { settings, values, msg } = node;
  node.hint({
    kind: 'do',
    place: 'Connection',
    why: 'Credentials are not part of an export.',
    remedy: 'Choose a connection for your mail server, or make one.',
  });
  const written = textAt(settings, ['name']);
  const to =
    written === ''
      ? [values.property('to', 'To')]
      : written
          .split(/[,;]/)
          .map((part) => part.trim())
          .filter(Boolean);
  return turnsInto(
    node,
    'smtp.send',
    { to, subject: values.property('topic', 'Subject'), text: values.property('payload', 'Text') },
    msg,
  );
};

const notNeeded: RedMapping = (node) => {
  know(node, 'Node', 'Every run shows what each step took and gave.');
  return { outcome: 'not_needed', data: () => node.msg };
};

const through: RedMapping = (node) => {
  know(node, 'Node', 'What leads to it is connected to what it leads to.');
  return { outcome: 'through', data: () => node.msg };
};

const catches: RedMapping = (node) => {
  know(node, 'Node', 'What it leads to is connected to the ports “error” of the nodes that it watches.');
  return { outcome: 'through', data: () => node.msg };
};

const comment: RedMapping = (node) => ({
  outcome: 'note',
  data: () => node.msg,
  text:
    [textAt(node.settings, ['name']), textAt(node.settings, ['info'])].filter(Boolean).join('\n') ||
    'Comment',
});

const without =
  (why: string, remedy: string): RedMapping =>
  (node) =>
    notImported(node, why, remedy);

const NO_FILES = without(
  'Flows reach no files.',
  'Keep it in a database, a sheet or a store with an HTTP API.',
);
const NO_SOCKETS = without('There is no connection of this kind.', 'Call an HTTP API in its place.');

export const RED_NODES: Readonly<Record<string, RedMapping>> = {
  debug: notNeeded,
  function: runs,
  change,
  switch: ways,
  template,
  'http request': httpRequest,
  'http response': httpResponse,
  'link in': through,
  'link out': through,
  junction: through,
  catch: catches,
  comment,
  delay,
  split,
  join,
  json,
  csv,
  xml,
  'e-mail': mail,
  'link call': without(
    'Links that come back are calls.',
    'Make a flow of what is called, and use “Call a flow”.',
  ),
  status: without(
    'Nodes have no status to listen to.',
    'Look at the runs, or name a flow for failed runs in the settings of this one.',
  ),
  complete: without('There is no event for the end of a node.', 'Connect what follows to that node.'),
  file: NO_FILES,
  'file in': NO_FILES,
  'mqtt out': without(
    'There is no connection to MQTT brokers.',
    'Call the HTTP API of the broker, if it has one.',
  ),
  'websocket out': NO_SOCKETS,
  'tcp out': NO_SOCKETS,
  'tcp request': NO_SOCKETS,
  'udp out': NO_SOCKETS,
  exec: without('Flows run no programs.', 'Offer the program as an HTTP API and call that.'),
  trigger: without(
    'It holds messages of many runs back.',
    'Add a Wait, or a limit in the settings of the flow.',
  ),
  rbe: without('Steps here keep nothing for later runs.', 'Use the duplicate key of the webhook.'),
  range: without('There is no node for ranges.', 'Work it out in a Map.'),
  sort: without('It sorts messages or lists.', 'Use “Sort”.'),
  batch: without('It groups messages of many runs.', 'Use “Batches” on a list.'),
};
