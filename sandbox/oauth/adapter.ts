import type { Adapter, AdapterPayload } from 'oidc-provider';

import type { OAuthRecord } from '#sandbox/state/state.ts';
import type { Store } from '#sandbox/state/store.ts';

/** What nothing expires, in seconds from now: a century. */
const FOR_EVER_SECONDS = 3_153_600_000;

/**
 * Keeps the records of oidc-provider in the store and tells, just before, which grant it ends. Each change is in the file before the caller hears of it: a rotated
 * refresh token that Acme forgot would be a dead connection. But it is in memory before anything waits: of two requests that
 * use the same refresh token at once, the second finds it used.
 */
export function createAdapter(
  store: Store,
  onGrantEnd: (grantId: string) => void,
): (model: string) => Adapter {
  const { oauth } = store.state;
  return (model) => {
    const keyOf = (id: string): string => `${model}:${id}`;
    const findWhere = (isIt: (record: OAuthRecord) => boolean): AdapterPayload | undefined =>
      [...oauth.values()].find((record) => record.model === model && isIt(record))?.payload;
    return {
      upsert: (id, payload, expiresIn = FOR_EVER_SECONDS) => {
        const expiresAt = Math.floor(Date.now() / 1_000) + expiresIn;
        oauth.set(keyOf(id), { model, id, payload, expiresAt });
        return store.save();
      },
      find: (id) => Promise.resolve(oauth.get(keyOf(id))?.payload),
      findByUid: (uid) => Promise.resolve(findWhere(({ payload }) => payload.uid === uid)),
      findByUserCode: (code) => Promise.resolve(findWhere(({ payload }) => payload.userCode === code)),
      consume: (id) => {
        const record = oauth.get(keyOf(id));
        const consumed = Math.floor(Date.now() / 1_000);
        if (record) oauth.set(keyOf(id), { ...record, payload: { ...record.payload, consumed } });
        return store.save();
      },
      destroy: (id) => {
        if (model === 'Grant') onGrantEnd(id);
        oauth.delete(keyOf(id));
        return store.save();
      },
      revokeByGrantId: (grantId) => {
        for (const [key, record] of oauth)
          if (record.model === model && record.payload.grantId === grantId) oauth.delete(key);
        return store.save();
      },
    };
  };
}
