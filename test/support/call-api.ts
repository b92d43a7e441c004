import { handleApiRequest } from '#server/api/handle-api-request.ts';
import type { Route } from '#server/api/route.ts';
import { PUBLIC_URL } from '#test/support/use-app-database.ts';

export interface ApiCall {
  /** An API key. */
  readonly key?: string;
  /** A `Cookie` header; comes with this site's `Origin` unless `headers` say otherwise. */
  readonly cookie?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of the product's. */
  readonly routes?: readonly Route[];
}

export interface ApiReply {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined when the reply has no body; a text when it is no JSON. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into replies of every shape
  readonly body: any;
}

/** Calls the REST API's router as the web process does, for example `callApi('GET /me', { key })`. */
export async function callApi(call: string, options: ApiCall = {}): Promise<ApiReply> {
  const [method = '', path = ''] = call.split(' ');
  const request = new Request(`${PUBLIC_URL}/api/v1${path}`, {
    method,
    headers: headersOf(options),
    ...(options.body === undefined
      ? {}
      : { body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body) }),
  });
  const response = await handleApiRequest(request, options.routes);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : isJson(response) ? JSON.parse(text) : text,
  };
}

function isJson({ headers }: Response): boolean {
  return /json$/.test(headers.get('content-type') ?? '');
}

function headersOf({ key, cookie, body, headers }: ApiCall): Headers {
  const made = new Headers({ host: new URL(PUBLIC_URL).host });
  if (key !== undefined) made.set('authorization', `Bearer ${key}`);
  if (cookie !== undefined) {
    made.set('cookie', cookie);
    made.set('origin', PUBLIC_URL);
  }
  if (body !== undefined) made.set('content-type', 'application/json');
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (value === '') made.delete(name);
    else made.set(name, value);
  }
  return made;
}
