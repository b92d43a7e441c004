import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Reply } from '#sandbox/http/incoming.ts';

/** What pages load, by path. */
export const STATIC_FILES: ReadonlyMap<string, Reply> = new Map([
  ['/style.css', read('style.css', 'text/css; charset=utf-8')],
  ['/icon.svg', read('icon.svg', 'image/svg+xml')],
  ['/favicon.ico', read('icon.svg', 'image/svg+xml')],
]);

function read(name: string, type: string): Reply {
  const body = readFileSync(join(import.meta.dirname, name), 'utf8');
  return { status: 200, headers: { 'Content-Type': type, 'Cache-Control': 'max-age=300' }, body };
}
