import type { OpenConnection } from '#connectors/contract.ts';

type Open = (workspaceId: string, slug: string) => Promise<OpenConnection | null>;

/** A changed or deleted connection is used this much longer at most. */
const KEPT_MS = 2_000;
const MAX_KEPT = 500;

/**
 * Opens each connection once for the steps of the next two seconds: under load, reading and unsealing it for every call
 * would cost more than the call. What failed, or is missing, is asked for again.
 */
export function briefly(open: Open): Open {
  const kept = new Map<string, { readonly opened: ReturnType<Open>; readonly until: number }>();
  return (workspaceId, slug) => {
    const key = `${workspaceId} ${slug}`;
    const now = performance.now();
    const found = kept.get(key);
    if (found && found.until > now) return found.opened;
    const opened = open(workspaceId, slug);
    const forget = () => {
      if (kept.get(key)?.opened === opened) kept.delete(key);
    };
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(key, { opened, until: now + KEPT_MS });
    setTimeout(forget, KEPT_MS).unref();
    opened.then((connection) => connection ?? forget(), forget);
    return opened;
  };
}
