import type { z } from 'zod';

import { problemSchema } from '#core/api/common.ts';
import { CliError } from './cli-error.ts';

export interface ApiCall {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
}

export interface ApiReply<T> {
  readonly status: number;
  readonly body: T;
}

/**
 * Calls the REST API at `PATCHBAY_URL` with `PATCHBAY_API_KEY`. Throws `CliError` with the problem's words for every
 * refusal, and with one sentence when nothing answers.
 */
export async function callApi<T>(
  path: string,
  schema: z.ZodType<T>,
  call: ApiCall = {},
): Promise<ApiReply<T>> {
  const base = baseUrl();
  const response = await send(base, path, call);
  const body = parseJson(await response.text());
  if (!response.ok) throw new CliError(explain(response.status, body));
  const parsed = schema.safeParse(body);
  if (parsed.success) return { status: response.status, body: parsed.data };
  throw new CliError(`What answers at ${base} is not Patchbay, or of another version. Check PATCHBAY_URL.`);
}

function baseUrl(): string {
  const url = (process.env['PATCHBAY_URL'] || 'http://127.0.0.1:3000').replace(/\/+$/, '');
  if (/^https?:\/\//.test(url) && URL.canParse(url)) return url;
  throw new CliError('PATCHBAY_URL is not a URL, such as https://flows.example.com.');
}

async function send(
  base: string,
  path: string,
  { method = 'GET', query = {}, body }: ApiCall,
): Promise<Response> {
  const key = process.env['PATCHBAY_API_KEY']?.trim();
  if (!key) throw new CliError('Set PATCHBAY_API_KEY to an API key of your workspace.');
  const url = new URL(`${base}/api/v1${path}`);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, String(value));
  const hasBody = body !== undefined;
  try {
    return await fetch(url, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(hasBody ? { 'content-type': 'application/json' } : {}) },
      ...(hasBody ? { body: JSON.stringify(body) } : {}),
      redirect: 'error',
    });
  } catch (error) {
    throw new CliError(
      `Patchbay does not answer at ${base} (${reasonOf(error)}). Start it, or set PATCHBAY_URL to where it is.`,
    );
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = (cause as { code?: unknown } | undefined)?.code;
  if (code === 'ECONNREFUSED') return 'connection refused';
  if (typeof code === 'string') return code;
  return cause instanceof Error ? cause.message : String(error);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Title and detail, then each fault with its place. */
function explain(status: number, body: unknown): string {
  const parsed = problemSchema.safeParse(body);
  if (!parsed.success) return `Patchbay answered ${status} without saying why.`;
  const { title, detail, errors = [] } = parsed.data;
  return [
    `${title}. ${detail}`,
    ...errors.map(({ pointer, message }) => `  ${pointer || '/'}  ${message}`),
  ].join('\n');
}
