import type { OpenConnection } from '#connectors/contract.ts';

type Open = (workspaceId: string, slug: string) => Promise<OpenConnection | null>;

/** An `Open` that remembers what it opened for a short while. */
export interface BriefOpen extends Open {
  /** The next one to ask gets the connection as it is then. */
  forget(workspaceId: string, slug: string): void;
}

/** A changed or deleted connection is used this much longer at most. */
const KEPT_MS = 2_000;
const MAX_KEPT = 500;

interface Kept {
  readonly opened: ReturnType<Open>;
  until: number;
}

/**
 * Opens each connection once for the steps of the next two seconds, or for as long as its token is good: under load, reading and
 * unsealing it for every call would cost more than the call. What failed, or is missing, is asked for again.
 */
export function briefly(open: Open): BriefOpen {
  const kept = new Map<string, Kept>();
  const openBriefly: Open = (workspaceId, slug) => {
    const key = keyOf(workspaceId, slug);
    const now = performance.now();
    const found = kept.get(key);
    if (found && found.until > now) return found.opened;
    const mine = { opened: open(workspaceId, slug), until: now + KEPT_MS };
    const forget = () => {
      if (kept.get(key) === mine) kept.delete(key);
    };
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(key, mine);
    setTimeout(forget, KEPT_MS).unref();
    mine.opened.then((connection) => {
      if (!connection) return forget();
      const goodForMs = connection.token?.goodForMs ?? Infinity;
      mine.until = Math.min(mine.until, performance.now() + goodForMs);
    }, forget);
    return mine.opened;
  };
  return Object.assign(openBriefly, {
    forget: (workspaceId: string, slug: string) => void kept.delete(keyOf(workspaceId, slug)),
  });
}

function keyOf(workspaceId: string, slug: string): string {
  return `${workspaceId} ${slug}`;
}
