import { jsonPointer } from '#core/fault.ts';
import { FORBIDDEN_KEYS } from '#core/json.ts';
import { ProblemError } from '#server/problem.ts';

const DEFAULT_MAX_BYTES = 1024 * 1024;
const MAX_DEPTH = 64;

/** A request's body: its bytes, and what they say. */
export interface JsonBody {
  readonly bytes: Buffer;
  /** Undefined when there is no body. */
  readonly value: unknown;
}

/**
 * Reads a JSON body, at most `maxBytes` of it (default 1 MiB). Throws a problem: 413 when it is longer, 415 when it
 * is not declared as JSON in UTF-8, 400 when it is not JSON, is nested over 64 deep, or holds what cannot be stored.
 */
export async function readJsonBody(
  request: Request,
  maxBytes: number = DEFAULT_MAX_BYTES,
): Promise<JsonBody> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const bytes = await readBytes(request.body, maxBytes);
  if (bytes.length === 0) return { bytes, value: undefined };
  requireJson(request.headers.get('content-type'));
  const value = parse(bytes);
  checkJson(value, []);
  return { bytes, value };
}

/** Counts while reading: a wrong or missing `Content-Length` makes no difference. */
async function readBytes(body: ReadableStream<Uint8Array> | null, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Only JSON: forms and plain text are what other sites can make a browser send. */
function requireJson(contentType: string | null): void {
  if (
    contentType !== null &&
    /^application\/([a-z0-9.+-]+\+)?json(\s*;\s*charset="?utf-8"?)?$/i.test(contentType.trim())
  )
    return;
  throw new ProblemError({
    status: 415,
    code: 'unsupported_media_type',
    title: 'Not JSON',
    detail: 'Send the body as JSON in UTF-8, with the header Content-Type: application/json.',
  });
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    throw badJson(`The body is not JSON in UTF-8: ${reason.slice(0, 200)}.`);
  }
}

function checkJson(value: unknown, path: readonly (string | number)[]): void {
  if (typeof value === 'string') checkText(value, path);
  if (typeof value !== 'object' || value === null) return;
  if (path.length >= MAX_DEPTH) throw badJson(`The JSON is nested more than ${MAX_DEPTH} levels deep.`, path);
  if (Array.isArray(value)) {
    value.forEach((item, index) => checkJson(item, [...path, index]));
    return;
  }
  for (const [key, item] of Object.entries(value)) checkEntry(key, item, [...path, key]);
}

function checkEntry(key: string, item: unknown, path: readonly (string | number)[]): void {
  checkText(key, path);
  if (FORBIDDEN_KEYS.has(key)) throw badJson(`The key “${key}” is not allowed. Rename it.`, path);
  checkJson(item, path);
}

/** Postgres keeps neither in jsonb. */
function checkText(text: string, path: readonly (string | number)[]): void {
  if (text.includes('\0') || !text.isWellFormed()) {
    throw badJson('A text holds a NUL character or half of a surrogate pair. Remove it.', path);
  }
}

function badJson(detail: string, path?: readonly (string | number)[]): ProblemError {
  const errors = path && [{ pointer: jsonPointer(path), message: detail }];
  return new ProblemError({
    status: 400,
    code: 'invalid_json',
    title: 'The JSON is not acceptable',
    detail,
    errors,
  });
}

function tooLarge(maxBytes: number): ProblemError {
  return new ProblemError({
    status: 413,
    code: 'too_large',
    title: 'The body is too large',
    detail: `This call takes bodies of at most ${maxBytes} bytes.`,
  });
}
