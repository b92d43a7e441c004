import { ProblemError } from '#server/problem.ts';

/** The draft's strong ETag: its revision, quoted. */
export function draftEtag(revision: number): string {
  return `"${revision}"`;
}

/**
 * Guards against lost edits: refuses with 412 unless `If-Match` names the current draft. No header, no guard.
 * `revision` is undefined while there is no flow, which no `If-Match` matches (RFC 9110, 13.1.1).
 */
export function requireMatch(ifMatch: string | null | undefined, revision: number | undefined): void {
  if (ifMatch === null || ifMatch === undefined) return;
  const current = revision === undefined ? undefined : draftEtag(revision);
  const wanted = ifMatch.split(',').map((part) => part.trim());
  // A weak tag (`W/"3"`) never matches here: the comparison is strong.
  if (current !== undefined && (wanted.includes('*') || wanted.includes(current))) return;
  throw new ProblemError({
    status: 412,
    code: 'draft_changed',
    title: 'The draft has changed',
    detail:
      current === undefined
        ? 'There is no such flow any more, so the If-Match header matches nothing. Leave the header out to create it.'
        : `The draft was saved by somebody else since you read it; its ETag is now ${current}. Read it again, then save.`,
    headers: current === undefined ? {} : { ETag: current },
  });
}
