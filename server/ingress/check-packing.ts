import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

import { tooLarge, unsupported, type Refusal } from '#server/ingress/refusal.ts';
import { isGzip, readContentType } from '#server/runs/parse-event-body.ts';

const unpack = promisify(gunzip);

interface PackedBody {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly maxBytes: number;
}

/** Refuses a gzip body that does not unpack, or unpacks to more than the limit; and multipart that is none. */
export async function checkPacking({ body, headers, maxBytes }: PackedBody): Promise<Refusal | null> {
  if (!isMultipartOrOther(body, headers['content-type'] ?? ''))
    return unsupported('The content type says multipart, but the body is not.');
  if (body.length === 0 || !isGzip(headers['content-encoding'] ?? '')) return null;
  try {
    await unpack(body, { maxOutputLength: maxBytes });
    return null;
  } catch (error) {
    const isBomb = error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return isBomb
      ? tooLarge(maxBytes)
      : unsupported('The body is said to be packed with gzip and cannot be unpacked.');
  }
}

function isMultipartOrOther(body: Buffer, contentType: string): boolean {
  if (!readContentType(contentType).type.startsWith('multipart/') || body.length === 0) return true;
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  return boundary !== undefined && body.includes(`--${boundary}`);
}
