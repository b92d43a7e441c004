import { type Json, type JsonObject, isJsonObject } from '../../json.ts';
import { at, objectsAt, textAt } from '../json-fields.ts';
import { given } from '../mapped.ts';
import { connectionHint, isSecretName } from '../secret-names.ts';
import { type ItemData, one } from './item-data.ts';
import { askConnection, askValue, becomes, type N8nMapping, type N8nNode, tell } from './n8n-node.ts';

/** An HTTP request of n8n, of all its versions. */
export const httpRequest: N8nMapping = (node) => {
  const { parameters, values } = node;
  const isNew = node.version >= 3;
  const written = textAt(parameters, [isNew ? 'method' : 'requestMethod'], 'GET').toUpperCase();
  const url = values.value(at(parameters, 'url'), 'URL');
  const authentication = textAt(parameters, ['authentication'], 'none');
  if (authentication !== 'none') {
    const kind = textAt(
      parameters,
      ['nodeCredentialType'],
      textAt(parameters, ['genericAuthType'], authentication),
    );
    askConnection(node, `this API (in n8n: ${kind})`);
  }
  optionHints(node);
  const query = pairs(node, 'Query', isNew ? newPairs(node, 'Query') : oldPairs(node, 'query'));
  const headers = pairs(node, 'Headers', isNew ? newPairs(node, 'Header') : oldPairs(node, 'header'));
  const timeout = Number(textAt(parameters, ['options', 'timeout'], ''));
  const config = given({
    method: written,
    url,
    query: isFilled(query) ? query : undefined,
    headers: isFilled(headers) ? headers : undefined,
    ...(written === 'GET' || written === 'HEAD' ? {} : isNew ? newBody(node) : oldBody(node)),
  });
  const timeoutSeconds = timeout > 0 ? Math.min(Math.ceil(timeout / 1_000), 86_400) : undefined;
  return becomes(
    node,
    'http.request',
    config,
    replyOf(node),
    timeoutSeconds === undefined ? {} : { timeoutSeconds },
  );
};

function replyOf({ id, parameters }: N8nNode): ItemData {
  const isFull =
    at(parameters, 'options', 'response', 'response', 'fullResponse') === true ||
    at(parameters, 'options', 'fullResponse') === true;
  if (!isFull) return one(`steps.${id}.body`);
  const fields = {
    body: `steps.${id}.body`,
    headers: `steps.${id}.headers`,
    statusCode: `steps.${id}.status`,
  };
  return { kind: 'one', text: `steps.${id}`, fields };
}

interface Pair {
  readonly name: string;
  readonly value: Json | undefined;
}

/** Pairs, or a JSON value in their place. */
function newPairs({ parameters }: N8nNode, what: 'Query' | 'Header'): readonly Pair[] | Json | undefined {
  if (at(parameters, `send${what === 'Header' ? 'Headers' : what}`) !== true) return undefined;
  const specify = textAt(parameters, [what === 'Query' ? 'specifyQuery' : 'specifyHeaders'], 'keypair');
  if (specify === 'json') return at(parameters, what === 'Query' ? 'jsonQuery' : 'jsonHeaders');
  const key = what === 'Query' ? 'queryParameters' : 'headerParameters';
  return namedValues(objectsAt(parameters, key, 'parameters'));
}

function oldPairs({ parameters }: N8nNode, what: 'query' | 'header'): readonly Pair[] | Json | undefined {
  if (at(parameters, 'jsonParameters') === true) return at(parameters, `${what}ParametersJson`);
  return namedValues(objectsAt(parameters, `${what}ParametersUi`, 'parameter'));
}

function namedValues(list: readonly JsonObject[]): readonly Pair[] {
  return list.map((pair) => ({ name: textAt(pair, ['name']), value: pair['value'] }));
}

function pairs(node: N8nNode, place: string, found: readonly Pair[] | Json | undefined): JsonObject {
  if (found === undefined) return {};
  if (!Array.isArray(found)) {
    const value = node.values.json(found as Json, place);
    return isJsonObject(value) ? withoutSecrets(node, place, value) : {};
  }
  const named = (found as readonly Pair[]).filter(({ name }) => name !== '');
  const fixed = named.filter(({ name }) => !name.startsWith('='));
  if (fixed.length < named.length)
    askValue(node, place, 'A name that is an expression is not taken over.', 'Write the names as they are.');
  const kept = fixed.filter(({ name, value }) => !asksConnection(node, place, name, value));
  return Object.fromEntries(
    kept.map(({ name, value }) => [name, node.values.value(value, `${place}: ${name}`)]),
  );
}

function withoutSecrets(node: N8nNode, place: string, value: JsonObject): JsonObject {
  if ('$expr' in value || '$tpl' in value) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([name, item]) => !asksConnection(node, place, name, item)),
  );
}

/** True for a secret that is written out: it is not kept. */
function asksConnection(node: N8nNode, place: string, name: string, value: Json | undefined): boolean {
  const isSecret = isSecretName(name) || name.toLowerCase() === 'cookie';
  const isLiteral = typeof value === 'string' && !value.includes('{{ $json') && !value.includes('$(');
  if (!isSecret || !isLiteral) return false;
  const isBearer = name.toLowerCase() === 'authorization' && /^=?bearer\s/i.test(value);
  node.hint(
    connectionHint(`${place}: ${name}`, isBearer ? 'bearer_token' : 'api_key', isBearer ? undefined : name),
  );
  return true;
}

function newBody(node: N8nNode): JsonObject {
  const { parameters, values } = node;
  if (at(parameters, 'sendBody') !== true) return {};
  const type = textAt(parameters, ['contentType'], 'json');
  const bodyType = type === 'json' ? 'json' : type === 'form-urlencoded' ? 'form' : 'text';
  if (type === 'raw') {
    const media = textAt(parameters, ['rawContentType']);
    if (media !== '')
      tell(
        node,
        'Body',
        `It is sent as text. Set the header Content-Type to ${media} if the API asks for it.`,
      );
    return { bodyType, body: values.value(at(parameters, 'body'), 'Body') };
  }
  if (type !== 'json' && type !== 'form-urlencoded') {
    askValue(
      node,
      'Body',
      'Files and forms with parts are not sent.',
      'See whether the API takes JSON, and write the body.',
    );
    return { bodyType: 'none' };
  }
  const isText = textAt(parameters, ['specifyBody'], 'keypair') !== 'keypair';
  const body = isText
    ? values.json(at(parameters, type === 'json' ? 'jsonBody' : 'body'), 'Body')
    : fields(node, namedValues(objectsAt(parameters, 'bodyParameters', 'parameters')));
  return { bodyType, body };
}

function oldBody(node: N8nNode): JsonObject {
  const { parameters, values } = node;
  const type = textAt(parameters, ['options', 'bodyContentType'], 'json');
  const bodyType = type === 'form-urlencoded' ? 'form' : type === 'json' ? 'json' : 'text';
  if (type === 'multipart-form-data') {
    askValue(
      node,
      'Body',
      'Forms with parts are not sent.',
      'See whether the API takes JSON, and write the body.',
    );
    return { bodyType: 'none' };
  }
  if (at(parameters, 'jsonParameters') === true) {
    const raw = at(parameters, 'bodyParametersJson');
    if (raw === undefined || raw === '') return {};
    return { bodyType, body: bodyType === 'text' ? values.value(raw, 'Body') : values.json(raw, 'Body') };
  }
  const named = namedValues(objectsAt(parameters, 'bodyParametersUi', 'parameter'));
  return named.length === 0 ? {} : { bodyType, body: fields(node, named) };
}

function fields(node: N8nNode, named: readonly Pair[]): JsonObject {
  return Object.fromEntries(
    named.map(({ name, value }) => [name, node.values.value(value, `Body: ${name}`)]),
  );
}

function isFilled(object: JsonObject): boolean {
  return Object.keys(object).length > 0;
}

function optionHints(node: N8nNode): void {
  const options = at(node.parameters, 'options');
  if (at(options, 'pagination') !== undefined)
    askValue(
      node,
      'Pagination',
      'Further pages are not asked for.',
      'Ask for a page large enough, or use a node of the app that reads all pages.',
    );
  if (at(options, 'batching') !== undefined)
    tell(node, 'Batching', 'Calls are made one by one, in the loop that they are in.');
  if (at(options, 'allowUnauthorizedCerts') === true)
    askValue(
      node,
      'Certificates',
      'Certificates are always checked.',
      'If the server has one of your own authority, give it in a connection “Client certificate”.',
    );
  if (at(options, 'proxy') !== undefined)
    askValue(
      node,
      'Proxy',
      'Calls go straight to the address.',
      'Have whoever runs Patchbay route the call.',
    );
  if (at(options, 'response', 'response', 'neverError') === true)
    askValue(
      node,
      'Errors',
      'A reply that is no 2xx fails the step.',
      'Set “On error” to continue, and look at the error in the next step.',
    );
  const format = textAt(
    options,
    ['response', 'response', 'responseFormat'],
    textAt(node.parameters, ['responseFormat'], 'json'),
  );
  if (format === 'file')
    askValue(node, 'Reply', 'Files are not kept between steps.', 'Have the API give JSON or text.');
}
