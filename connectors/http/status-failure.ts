import type { HttpRequest, HttpResponse } from '#connectors/contract.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { shorten } from '#connectors/shorten.ts';
import { StepFailure } from '#core/step-failure.ts';
import { readReplyBody } from './read-reply.ts';
import { replyFault } from './reply-fault.ts';

/** Headers of a failed reply that help to find out why; none of them carries credentials. */
const TELLING_HEADERS: readonly string[] = [
  'content-type',
  'retry-after',
  'retry-after-ms',
  'date',
  'allow',
  'location',
  'request-id',
  'x-request-id',
  'x-correlation-id',
  'ratelimit',
  'ratelimit-reset',
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
  'x-ratelimit-reset-after',
  'x-rate-limit-reset',
];

const REASONS: Readonly<Record<number, string>> = {
  300: 'Multiple Choices',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length Required',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  418: "I'm a Teapot",
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  423: 'Locked',
  424: 'Failed Dependency',
  425: 'Too Early',
  426: 'Upgrade Required',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  451: 'Unavailable For Legal Reasons',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

const BODY_LIMIT = 4_000;
const QUOTE_LIMIT = 200;

/** The failure that a reply with any status but 2xx is. Names the call without its query, which may hold keys. */
export function statusFailure(
  request: HttpRequest,
  response: HttpResponse,
  hasConnection: boolean,
): StepFailure {
  const { status } = response;
  const { kind, retryAfterMs } = replyFault(response, hasConnection) ?? { kind: 'invalid' };
  const body = readReplyBody(response);
  return new StepFailure({
    kind,
    code: 'http_status',
    message: messageOf(request, status, body),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    detail: replyDetail(response, body),
  });
}

/** What is kept of a reply that is a failure: its status, the headers that help to find out why, and so much of its body. */
export function replyDetail(response: HttpResponse, body: Json): JsonObject {
  return { status: response.status, headers: tellingHeaders(response), body: capped(body) };
}

/** `404 Not Found`. */
export function statusInWords(status: number): string {
  return `${status} ${REASONS[status] ?? ''}`.trimEnd();
}

function messageOf({ method, url }: HttpRequest, status: number, body: Json): string {
  const { origin, pathname } = new URL(url);
  const quoted = (typeof body === 'string' ? body : JSON.stringify(body)).replace(/\s+/g, ' ').trim();
  const said = body === null || quoted === '' ? '' : `: ${shorten(quoted, QUOTE_LIMIT)}`;
  return `${method} ${origin}${pathname} answered ${statusInWords(status)}` + said;
}

function tellingHeaders({ headers }: HttpResponse): Json {
  return Object.fromEntries(
    TELLING_HEADERS.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])),
  );
}

function capped(body: Json): Json {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return text.length > BODY_LIMIT ? shorten(text, BODY_LIMIT) : body;
}
