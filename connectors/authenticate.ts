import { StepFailure } from '#core/step-failure.ts';
import type { CallAuth, ConnectorDef, HttpRequest, OpenConnection } from './contract.ts';
import { findConnector } from './definitions.ts';
import { fillUrl, withoutSlash } from './url-template.ts';

/**
 * The request with its address filled in, and with what shows who calls. It goes to the connector's own hosts alone, so that a step cannot send an account's token
 * to somebody else. Throws `StepFailure` for another host, for a connection that shows nobody, and where the step sets the same
 * header itself.
 */
export function authenticate(
  asked: HttpRequest,
  connection: OpenConnection,
  sandboxUrl: string | undefined,
): HttpRequest {
  const connector = findConnector(connection.connector);
  if (!connector?.callAuth) {
    const message = `A connection of the kind "${connection.connector}" cannot be used here.`;
    throw invalid('connection_not_taken', message, '/connection');
  }
  const request = withAddress(asked, connection, sandboxUrl);
  refuseOtherHosts(connector, { request, connection, sandboxUrl });
  return withCredentials(request, connector.callAuth, connection.fields);
}

function withAddress(
  { baseUrl, ...request }: HttpRequest,
  { fields }: OpenConnection,
  sandboxUrl: string | undefined,
): HttpRequest {
  if (baseUrl === undefined) return request;
  const base = fillUrl(baseUrl, fields, sandboxUrl);
  if (base !== null && !/[?#]/.test(base)) return { ...request, url: withoutSlash(base) + request.url };
  const message = `The connection does not say where to call: ${baseUrl} has gaps. Choose a connection of the right kind, or connect it again.`;
  throw invalid('address_unknown', message, '/connection');
}

function refuseOtherHosts(
  { label, baseUrl, hosts = [] }: ConnectorDef,
  call: { request: HttpRequest; connection: OpenConnection; sandboxUrl: string | undefined },
): void {
  if (baseUrl === undefined) return;
  if (!URL.canParse(call.request.url)) return;
  const { origin, host, protocol } = new URL(call.request.url);
  const base = fillUrl(baseUrl, call.connection.fields, call.sandboxUrl);
  if (base !== null && new URL(base).origin === origin) return;
  if (protocol === 'https:' && hosts.some((pattern) => isWithin(host, pattern))) return;
  const message = `The connection is one to ${label}, and ${host} is not a host of it: its credentials are not sent there.`;
  throw invalid('credentials_kept', message, '/connection');
}

function isWithin(host: string, pattern: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}

function withCredentials(
  request: HttpRequest,
  auth: CallAuth,
  fields: OpenConnection['fields'],
): HttpRequest {
  const value = (name: string) => fields[name] ?? '';
  switch (auth.kind) {
    case 'bearer':
      return withHeader(request, 'authorization', `${auth.scheme ?? 'Bearer'} ${value(auth.field)}`);
    case 'basic': {
      const pair = `${value(auth.username)}:${value(auth.password)}`;
      return withHeader(request, 'authorization', `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`);
    }
    case 'header':
      return withHeader(request, auth.name.toLowerCase(), value(auth.field));
    case 'query': {
      const url = new URL(request.url);
      url.searchParams.set(auth.name, value(auth.field));
      return { ...request, url: url.href };
    }
  }
}

function withHeader(request: HttpRequest, name: string, value: string): HttpRequest {
  const { headers = {} } = request;
  if (Object.keys(headers).some((other) => other.toLowerCase() === name)) {
    const message = `The connection sets the header "${name}" already. Remove one of them.`;
    throw invalid('invalid_header', message, '/config/headers');
  }
  return { ...request, headers: { ...headers, [name]: value } };
}

function invalid(code: string, message: string, pointer: string): StepFailure {
  return new StepFailure({ kind: 'invalid', code, message, pointer });
}
