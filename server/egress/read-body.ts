import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

import { fail } from '#server/egress/egress-failure.ts';

const unzip = promisify(gunzip);

/** Reads a body of at most `maxBytes`, before and after unpacking; gives up at the first byte too many. */
export async function readBody(
  chunks: AsyncIterable<Uint8Array>,
  { encoding, maxBytes, target }: { encoding: string; maxBytes: number; target: string },
): Promise<Uint8Array> {
  if (encoding !== '' && encoding !== 'identity' && encoding !== 'gzip' && encoding !== 'x-gzip')
    throw fail(
      'invalid',
      'unsupported_encoding',
      `${target} answered in the encoding ${encoding}; only gzip is read.`,
    );
  const packed = await collect(chunks, maxBytes, target);
  if (packed.length === 0 || !encoding.endsWith('gzip')) return packed;
  try {
    return await unzip(packed, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(target, maxBytes);
    throw fail(
      'transient',
      'bad_response',
      `${target} sent a body that is not the gzip it claims to be.`,
      error,
    );
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>, maxBytes: number, target: string): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    // Leaving the loop destroys the stream, and the connection with it.
    if (bytes > maxBytes) throw tooLarge(target, maxBytes);
    parts.push(chunk);
  }
  return Buffer.concat(parts, bytes);
}

function tooLarge(target: string, maxBytes: number) {
  const limit = maxBytes >= 1_048_576 ? `${Math.floor(maxBytes / 1_048_576)} MiB` : `${maxBytes} bytes`;
  return fail('invalid', 'response_too_large', `${target} answered with more than ${limit}.`);
}
