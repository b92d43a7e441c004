import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative } from 'node:path';

/** Scripts and styles as the build packed them, by the path of their URL, such as `/_next/static/chunks/a.js`. */
export type PackedAssets = ReadonlyMap<string, Buffer>;

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'application/javascript; charset=UTF-8',
  '.css': 'text/css; charset=UTF-8',
};

/** What the build packed into this folder, which is served under `/_next/static/`: about a megabyte. Empty where nothing was built. */
export async function readPackedAssets(folder: string): Promise<PackedAssets> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const packed = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.br'));
  return new Map(
    await Promise.all(
      packed.map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        const url = `/_next/static/${relative(folder, path).slice(0, -'.br'.length)}`;
        return [url, await readFile(path)] as const;
      }),
    ),
  );
}

/** Sends a packed script or style to a browser that takes it so. False when this request is for somebody else. */
export function answerPackedAsset(
  request: IncomingMessage,
  response: ServerResponse,
  assets: PackedAssets,
): boolean {
  const [path = ''] = (request.url ?? '').split('?');
  const asset = assets.get(path);
  if (!asset || !takesBrotli(request) || (request.method !== 'GET' && request.method !== 'HEAD'))
    return false;
  response.writeHead(200, {
    'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
    'Content-Encoding': 'br',
    'Content-Length': asset.length,
    // The name changes with the content.
    'Cache-Control': 'public, max-age=31536000, immutable',
    Vary: 'Accept-Encoding',
  });
  response.end(request.method === 'HEAD' ? undefined : asset);
  return true;
}

/** `br;q=0` says that it does not. */
function takesBrotli({ headers }: IncomingMessage): boolean {
  const offered = String(headers['accept-encoding'] ?? '').split(',');
  return offered.some((each) => {
    const [name = '', ...options] = each.split(';').map((part) => part.trim().toLowerCase());
    return name === 'br' && !options.some((option) => /^q=0(\.0*)?$/.test(option));
  });
}
