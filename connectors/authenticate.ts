import { StepFailure } from '#core/step-failure.ts';
import type { CallAuth, ConnectorDef, HttpRequest, OpenConnection } from './contract.ts';
import { signToken } from './credentials/sign-token.ts';
import { findConnector } from './definitions.ts';
import { fillUrl, withoutSlash } from './url-template.ts';

/** Where and when a call is made. */
export interface CallSetting {
  readonly workspaceId: string;
  readonly sandboxUrl: string | undefined;
  /** Milliseconds since 1970, by the database's clock. */
  readonly now: number;
}

/**
 * The request with its address filled in, and with what shows who calls. It goes to the connector's own hosts alone, so that a step cannot send an account's token
 * to somebody else. Rejects with `StepFailure` for another host, for a connection that shows nobody, and where the step sets the same
 * header itself.
 */
export async function authenticate(
  asked: HttpRequest,
  connection: OpenConnection,
  setting: CallSetting,
): Promise<HttpRequest> {
  const connector = findConnector(connection.connector);
  if (!connector?.callAuth) {
    const message = `A connection of the kind "${connection.connector}" cannot be used here.`;
    throw invalid('connection_not_taken', message, '/connection');
  }
  const request = withAddress(asked, connection, setting.sandboxUrl);
  refuseOtherHosts(connector, { request, connection, sandboxUrl: setting.sandboxUrl });
  return withCredentials(request, connector.callAuth, { fields: connection.fields, setting });
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
  connector: ConnectorDef,
  call: { request: HttpRequest; connection: OpenConnection; sandboxUrl: string | undefined },
): void {
  const { label, hosts = [] } = connector;
  const { fields } = call.connection;
  const baseUrl = connector.baseUrl ?? originOf(connector, fields);
  if (baseUrl === undefined) return;
  if (!URL.canParse(call.request.url)) return;
  const { origin, host, protocol } = new URL(call.request.url);
  const base = fillUrl(baseUrl, fields, call.sandboxUrl);
  if (base !== null && new URL(base).origin === origin) return;
  if (protocol === 'https:' && hosts.some((pattern) => isWithin(host, pattern))) return;
  const message =
    base !== null && baseUrl.startsWith('{')
      ? `The credentials of the connection are for ${new URL(base).origin} alone: they are not sent to ${origin}.`
      : `The connection is one to ${label}, and ${host} is not a host of it: its credentials are not sent there.`;
  throw invalid('credentials_kept', message, '/connection');
}

/** The template for the one place that a person limited the credentials to. */
function originOf({ originField }: ConnectorDef, fields: OpenConnection['fields']): string | undefined {
  return originField !== undefined && fields[originField] ? `{${originField}}` : undefined;
}

function isWithin(host: string, pattern: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}

async function withCredentials(
  request: HttpRequest,
  auth: CallAuth,
  { fields, setting }: { readonly fields: OpenConnection['fields']; readonly setting: CallSetting },
): Promise<HttpRequest> {
  const { workspaceId, now } = setting;
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
    case 'query':
      return withParameter(request, auth.name, value(auth.field));
    case 'placed':
      return value(auth.in) === 'query'
        ? withParameter(request, value(auth.name), value(auth.field))
        : withHeader(request, value(auth.name).toLowerCase(), value(auth.field));
    case 'certificate':
      return {
        ...request,
        tls: {
          workspaceId,
          certificate: value(auth.certificate),
          privateKey: value(auth.privateKey),
          ...(value(auth.passphrase) !== '' && { passphrase: value(auth.passphrase) }),
          ...(value(auth.ca) !== '' && { ca: value(auth.ca) }),
          ...(value(auth.crl) !== '' && { crl: value(auth.crl) }),
        },
      };
    case 'signed_token':
      return withHeader(
        request,
        'authorization',
        `Bearer ${await signToken(fields, { now, body: request.body })}`,
      );
  }
}

function withParameter(request: HttpRequest, name: string, value: string): HttpRequest {
  if (!URL.canParse(request.url)) return request;
  const url = new URL(request.url);
  url.searchParams.set(name, value);
  return { ...request, url: url.href };
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
