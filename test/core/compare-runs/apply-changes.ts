import type { Change } from '#core/compare-runs/json-changes.ts';
import { isJsonObject, type Json } from '#core/json.ts';

/** What a value becomes by its changes: the meaning of `jsonChanges`, written the other way round. */
export function applyChanges(before: Json, changes: readonly Change[]): Json {
  const whole = changes.find(({ from, to }) => from === '' && to === '');
  if (whole !== undefined) return whole.after!;
  if (Array.isArray(before)) return applyToList(before as readonly Json[], changes);
  return isJsonObject(before) ? applyToObject(before, changes) : before;
}

function applyToObject(before: Readonly<Record<string, Json>>, changes: readonly Change[]): Json {
  const gone = new Set(changes.flatMap(({ kind, from }) => (kind === 'removed' && from ? [from] : [])));
  const kept = Object.keys(before).filter((key) => !gone.has(`/${escape(key)}`));
  const added = changes.filter(({ kind, to }) => kind === 'added' && to?.lastIndexOf('/') === 0);
  return Object.fromEntries([
    ...kept.map((key) => {
      const within = `/${escape(key)}`;
      return [key, applyChanges(before[key]!, inside(changes, within, within))] as const;
    }),
    ...added.map(({ to, after }) => [unescape(to!.slice(1)), after!] as const),
  ]);
}

/** Items neither removed nor moved keep their order, and fill the places that nothing else takes. */
function applyToList(before: readonly Json[], changes: readonly Change[]): Json {
  const own = changes.filter(({ from, to }) => [from, to].every((each) => !each?.slice(1).includes('/')));
  const added = new Map(own.flatMap(({ kind, to, after }) => (kind === 'added' ? [[to!, after!]] : [])));
  const moved = new Map(own.flatMap(({ kind, from, to }) => (kind === 'moved' ? [[to!, from!]] : [])));
  const leaving = new Set(own.flatMap(({ kind, from }) => (/removed|moved/.test(kind) ? [from!] : [])));
  const staying = before.map((_, index) => `/${index}`).filter((place) => !leaving.has(place));
  const length = staying.length + added.size + moved.size;
  return Array.from({ length }, (_, index) => {
    const to = `/${index}`;
    if (added.has(to)) return added.get(to)!;
    const from = moved.get(to) ?? staying.shift()!;
    return applyChanges(before[Number(from.slice(1))]!, inside(changes, from, to));
  });
}

/** The changes within one part, as seen from there. A move or an addition of the part itself is none. */
function inside(changes: readonly Change[], from: string, to: string): readonly Change[] {
  const isWithin = (pointer: string | null, part: string) =>
    pointer === null || pointer === part || pointer.startsWith(`${part}/`);
  return changes
    .filter((change) => isWithin(change.from, from) && isWithin(change.to, to))
    .filter(({ kind, from: at, to: goal }) => kind === 'changed' || (at !== from && goal !== to))
    .map((change) => ({
      ...change,
      from: change.from && change.from.slice(from.length),
      to: change.to && change.to.slice(to.length),
    }))
    .map((change) => ({ ...change, from: change.from ?? null, to: change.to ?? null }));
}

function escape(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function unescape(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}
