import { ApiProblem, messageOf } from '#components/api/api-problem.ts';
import { callApi } from '#components/api/client.ts';
import { flowDocumentSchema } from '#core/flow-document.ts';

import type { DraftRemote, SaveReply, StoredDraft } from './draft-saver.ts';

/** The draft of a flow over the REST API. */
export function draftRemote(slug: string): DraftRemote {
  const path = `/flows/${encodeURIComponent(slug)}`;
  return {
    read: () => readDraft(slug),
    async save(document, etag) {
      try {
        const reply = await callApi(path, { method: 'PUT', body: document, headers: { 'if-match': etag } });
        return { kind: 'saved', etag: reply.etag ?? (await readDraft(slug)).etag };
      } catch (thrown) {
        return replyFor(thrown);
      }
    },
  };
}

/** The stored draft with its ETag. Throws `ApiProblem`. */
export async function readDraft(slug: string, signal?: AbortSignal): Promise<StoredDraft> {
  const { data, etag } = await callApi(`/flows/${encodeURIComponent(slug)}`, {
    schema: flowDocumentSchema,
    signal,
  });
  return { document: data, etag: etag ?? '*' };
}

function replyFor(thrown: unknown): SaveReply {
  if (!(thrown instanceof ApiProblem)) return { kind: 'refused', message: messageOf(thrown) };
  if (thrown.status === 412) return { kind: 'stale' };
  if (thrown.status === 0 || thrown.status === 429 || thrown.status >= 500) return { kind: 'unreachable' };
  if (thrown.status === 401) {
    return {
      kind: 'refused',
      message: 'You are signed out. Sign in again in another tab, then press Save again here.',
    };
  }
  return { kind: 'refused', message: messageOf(thrown) };
}
