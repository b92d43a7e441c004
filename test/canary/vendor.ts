import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { CONNECTORS, findConnector } from '#connectors/definitions.ts';
import type { Canaries } from './canaries.ts';
import { echo, secretsIn } from './far-end.ts';

/** How requests for a token are answered. */
export const TOKEN_MODES = [
  ...['give', 'word', 'sentence', 'long', 'object', 'ended', 'form', 'html', 'tokenless', 'redirect', 'cut'],
] as const;
export type TokenMode = (typeof TOKEN_MODES)[number];

/** Every vendor at once. What it is shown it says again, wherever somebody might read it. */
export interface Vendor {
  readonly url: string;
  tokens: TokenMode;
  /** The status of all other answers; `cut` for none. */
  api: number | 'cut';
  /** Calls of the API that showed who calls. */
  readonly calls: number;
  stop(): Promise<void>;
}

/** @param canaries learns every token and secret that comes up here. */
export async function startVendor(canaries: Canaries): Promise<Vendor> {
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  let calls = 0;
  const known = new Set<string>();
  const learn = (name: string, value: string) => {
    if (!known.has(value)) canaries.add(name, value);
    known.add(value);
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await textOf(request);
    const given = parametersOf(text);
    const url = new URL(request.url ?? '/', 'http://x');
    if (given['grant_type'] !== undefined || 'token' in given)
      return answerToken(vendor.tokens, { request, response, given, canaries });
    if (request.headers.authorization) calls += 1;
    // What it is asked to sign with is as secret as what it is called with.
    const secret = /"secret":"([^"]{16,})"/.exec(text)?.[1];
    if (secret !== undefined) learn('the secret of a subscription', secret);
    const told = [...secretsIn(request, url), ...(secret === undefined ? [] : [secret])];
    if (vendor.api === 'cut') return void request.socket.destroy();
    const isFine = vendor.api < 300;
    response.writeHead(vendor.api, {
      'content-type': 'application/json',
      ...{ link: `<http://x.test/?page=${encodeURIComponent(told.join(' '))}>; rel="next"` },
      'x-request-id': encodeURIComponent(told.join(' ')),
    });
    response.end(JSON.stringify(isFine ? fineBody(told) : faultyBody(told)));
  }

  const vendor = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tokens: 'give' as TokenMode,
    api: 200 as number | 'cut',
    get calls() {
      return calls;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return vendor;
}

interface TokenAsk {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly given: Readonly<Record<string, string>>;
  readonly canaries: Canaries;
}

function answerToken(mode: TokenMode, { request, response, given, canaries }: TokenAsk): void {
  const [id = '', secret = ''] = clientOf(request, given);
  const names = ['client_secret', 'refresh_token', 'code', 'code_verifier', 'token'];
  const told = [secret, ...names.map((name) => given[name] ?? '')].filter((text) => text !== '');
  const said = told.join(' ');
  const json = (status: number, body: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json', 'x-echo': encodeURIComponent(said) });
    response.end(JSON.stringify(body));
  };
  const forms = Object.values(echo(told)).join(' ');
  switch (mode) {
    case 'give':
      return json(200, tokensFor(id.replace('client-of-', ''), canaries, said));
    case 'word':
      return json(400, { error: told.at(-1), error_description: said });
    case 'sentence':
      return json(400, { error: 'invalid_request', error_description: `You said ${forms}` });
    case 'long':
      // Cut off in the middle of the first secret, where sentences are cut.
      return json(400, { error: 'invalid_request', error_description: `${'.'.repeat(280)}${said}` });
    case 'object':
      return json(503, {
        error: { code: 'overrun', message: `${'.'.repeat(270)} ${encodeURIComponent(said)}` },
      });
    case 'ended':
      return json(400, { error: 'invalid_grant', error_description: `No more: ${forms}` });
    case 'form':
      response.writeHead(400, { 'content-type': 'application/x-www-form-urlencoded' });
      return void response.end(new URLSearchParams({ error: 'bad', error_description: said }).toString());
    case 'html':
      response.writeHead(500, { 'content-type': 'text/html' });
      return void response.end(`<h1>${said}</h1>`);
    case 'tokenless':
      return json(200, { token: said });
    case 'redirect':
      return void response
        .writeHead(302, { location: `http://localhost:1/?told=${encodeURIComponent(said)}` })
        .end();
    default:
      response.writeHead(200, { 'content-length': '100000' });
      response.write(said);
      return void setTimeout(() => request.socket.destroy(), 20);
  }
}

/** In the body, or by basic authentication. */
function clientOf({ headers }: IncomingMessage, given: Readonly<Record<string, string>>): readonly string[] {
  const { client_id: id, client_secret: secret = '' } = given;
  if (id !== undefined) return [id, secret];
  const pair = Buffer.from((headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString();
  return pair.split(':').map((part) => new URLSearchParams(`v=${part}`).get('v') ?? '');
}

/** With all that the kinds keep of such an answer, and with what a careless vendor repeats in it. */
function tokensFor(kind: string, canaries: Canaries, said: string): Record<string, unknown> {
  const oauth = findConnector(kind)?.oauth;
  const scopes =
    oauth?.scopesField === undefined ? (oauth?.scopes.map(({ id }) => id) ?? []) : ['read', 'write'];
  const tokens = {
    access_token: canaries.make(`${kind}.accessToken`),
    refresh_token: canaries.make(`${kind}.refreshToken`),
    token_type: 'Bearer',
    scope: [...scopes, said].join(oauth?.scopeSeparator ?? ' '),
    expires_in: 3_600,
  };
  return {
    ...tokens,
    ok: true,
    authed_user: tokens,
    team: { id: 'T1' },
    workspace_id: 'w1',
    hub_id: 7,
    instance_url: 'https://instance.vendor.test',
  };
}

/** Fits every call that asks for an account or a list, with the secrets in every text that people are shown. */
function fineBody(told: readonly string[]): Record<string, unknown> {
  const text = told.join(' ');
  const body: Record<string, unknown> = { ok: true, nextCursor: told[0], secret: `whsec_${told[0] ?? ''}` };
  for (const { account, optionLoaders = {} } of CONNECTORS) {
    if (account) put(put(body, account.label, `Ada ${text}`), account.id, 'account-1');
    for (const { call, value, label, hint } of Object.values(optionLoaders)) {
      if (call.pick === undefined || call.pick === '' || call.pick.includes('*')) continue;
      const item = put(put({}, label, `One ${text}`), value, `value ${text}`);
      put(body, call.pick, [hint === undefined ? item : put(item, hint, text)]);
    }
  }
  return body;
}

/** Everything that connectors read of a refusal. */
function faultyBody(told: readonly string[]): Record<string, unknown> {
  const text = `${told.join(' ')} ${Object.values(echo(told)).join(' ')}`;
  return {
    ok: false,
    message: text,
    code: told[0],
    category: text,
    error: { message: text, code: told[0], param: text, status: text },
    errors: [{ message: text, code: text, field: text }],
    errorMessages: [text],
    error_description: text,
  };
}

/** Sets what a JSON pointer points to, and makes the way there. */
function put(root: Record<string, unknown>, pointer: string, value: unknown): Record<string, unknown> {
  const parts = pointer.split('/').slice(1);
  const last = parts.pop();
  let place = root;
  for (const part of parts) {
    const next = place[part];
    place[part] = typeof next === 'object' && next !== null ? next : {};
    place = place[part] as Record<string, unknown>;
  }
  if (last !== undefined) place[last] = value;
  return root;
}

function parametersOf(text: string): Record<string, string> {
  try {
    const parsed = JSON.parse(text) as Record<string, string>;
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return Object.fromEntries(new URLSearchParams(text));
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
