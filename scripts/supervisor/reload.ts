import { watch } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
/** What the worker runs. Pages need no watcher: Next reloads them. */
const WORKER_SOURCES = ['connectors', 'core', 'server', 'worker'];
/** What the web process runs outside of Next. */
const WEB_SOURCES = /^server\/(web|ingress|log|env|caller-address)/;
const SANDBOX_FOLDER = 'sandbox';
const SETTLE_MS = 150;

/** For development: calls back when a source of the worker, of the web process itself, or of the sandbox app was saved. */
export function watchSources(on: { worker: () => void; web: () => void; sandbox: () => void }): void {
  const changed = new Set<'worker' | 'web' | 'sandbox'>();
  let timer: NodeJS.Timeout | undefined;
  for (const folder of [...WORKER_SOURCES, SANDBOX_FOLDER]) {
    watch(join(ROOT, folder), { recursive: true }, (_event, file) => {
      if (!file?.endsWith('.ts') && folder !== SANDBOX_FOLDER) return;
      changed.add(folder === SANDBOX_FOLDER ? 'sandbox' : 'worker');
      if (WEB_SOURCES.test(`${folder}/${file}`)) changed.add('web');
      clearTimeout(timer);
      // An editor saves in several steps; several files may be saved at once.
      timer = setTimeout(() => {
        for (const part of changed) on[part]();
        changed.clear();
      }, SETTLE_MS);
    });
  }
}
