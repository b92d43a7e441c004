import NextAuth from 'next-auth';

import { nextAuthOptions } from '#server/auth/next-auth-options.ts';

export interface AuthReply {
  status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- next-auth's replies have no type
  body: any;
  /** Cookies that the reply set, by name; an empty value is a removed one. */
  cookies: Record<string, string>;
  /** The `Set-Cookie` headers as they were sent. */
  setCookies: readonly string[];
}

/** A browser at `/api/auth`: the real next-auth with our options, and a cookie jar. */
export class AuthBrowser {
  readonly jar: Record<string, string> = {};
  readonly #headers: Readonly<Record<string, string>>;

  constructor(headers: Readonly<Record<string, string>> = { 'x-patchbay-address': '192.0.2.7' }) {
    this.#headers = headers;
  }

  get cookieHeader(): string {
    return Object.entries(this.jar)
      .map(([name, value]) => `${name}=${value}`)
      .join('; ');
  }

  async signIn(
    email: string,
    password: string,
    extra: Readonly<Record<string, string>> = {},
  ): Promise<AuthReply> {
    return this.post('callback/credentials', { email, password, ...extra });
  }

  async post(path: string, fields: Readonly<Record<string, string>>): Promise<AuthReply> {
    const { csrfToken } = (await this.call('GET', 'csrf')).body as { csrfToken: string };
    return this.call('POST', path, { csrfToken, json: 'true', ...fields });
  }

  /** One request, through next-auth's Node handler (the route handler's twin without Next's request scope). */
  async call(method: string, path: string, body?: Readonly<Record<string, string>>): Promise<AuthReply> {
    const reply: AuthReply & { headers: Record<string, string[]> } = {
      status: 200,
      body: undefined,
      cookies: {},
      setCookies: [],
      headers: {},
    };
    const headers = { ...this.#headers, cookie: this.cookieHeader };
    const request = { method, headers, cookies: this.#cookies(), body, query: { nextauth: path.split('/') } };
    const handler =
      typeof NextAuth === 'function' ? NextAuth : (NextAuth as { default: typeof NextAuth }).default;
    await handler(request as never, responseInto(reply) as never, nextAuthOptions());
    reply.setCookies = reply.headers['set-cookie'] ?? [];
    for (const line of reply.setCookies) this.#keep(line, reply);
    return reply;
  }

  #cookies(): Record<string, string> {
    return Object.fromEntries(
      Object.entries(this.jar).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
  }

  #keep(line: string, reply: AuthReply): void {
    const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
    reply.cookies[name] = value;
    if (value === '') delete this.jar[name];
    else this.jar[name] = value;
  }
}

function responseInto(reply: AuthReply & { headers: Record<string, string[]> }) {
  const response = {
    status: (status: number) => ((reply.status = status), response),
    setHeader: (name: string, value: string | string[]) => (
      (reply.headers[name.toLowerCase()] = [value].flat()),
      response
    ),
    getHeader: (name: string) => reply.headers[name.toLowerCase()],
    json: (body: unknown) => ((reply.body = body), response),
    send: (body: unknown) => ((reply.body = body), response),
    end: () => response,
  };
  return response;
}
