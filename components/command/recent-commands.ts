const KEY = 'patchbay:commands';
const MOST = 20;

/** Ids of the commands used last in this browser, the latest first. */
export function readRecent(storage: Pick<Storage, 'getItem'>): readonly string[] {
  const stored = storage.getItem(KEY);
  return stored === null ? [] : stored.split('\n').filter(Boolean);
}

/** Remembers that a command was used. */
export function rememberCommand(storage: Pick<Storage, 'getItem' | 'setItem'>, id: string): void {
  const ids = [id, ...readRecent(storage).filter((other) => other !== id)].slice(0, MOST);
  storage.setItem(KEY, ids.join('\n'));
}
