import { randomUUID } from 'node:crypto';

import { decisionRequestSchema } from '#core/api/approvals.ts';
import { problemResponse } from '#server/api/problem-response.ts';
import { toFaults } from '#server/api/zod-faults.ts';
import { decideByLink } from '#server/approvals/decide-by-link.ts';
import { ADDRESS_HEADER } from '#server/caller-address.ts';
import { ProblemError } from '#server/problem.ts';

/** The longest comment, escaped for a form at its worst, and some room. */
const MAX_BYTES = 32_768;

/**
 * `POST /approve/<token>/decide`: the form of the page behind a mailed link. Leads back to the page, which says what came of it;
 * `?late` where somebody else was faster. The token is the right, so it is asked for no session and no origin.
 */
export async function handleLinkDecision(request: Request, token: string): Promise<Response> {
  const response = await answer(request, token).catch((error: unknown) =>
    problemResponse(error, randomUUID()),
  );
  response.headers.set('cache-control', 'private, no-store');
  return response;
}

async function answer(request: Request, token: string): Promise<Response> {
  const { decision, comment } = await readForm(request);
  const address = request.headers.get(ADDRESS_HEADER) ?? '';
  const decided = await decideByLink(token, { decision, comment: comment || null }, { address });
  const query = decided.kind === 'closed' ? '?late' : '';
  return new Response(null, {
    status: 303,
    headers: { location: `/approve/${encodeURIComponent(token)}${query}` },
  });
}

async function readForm(request: Request) {
  const length = Number(request.headers.get('content-length') ?? Infinity);
  if (length > MAX_BYTES) throw invalid(413, 'The form is too long, or does not say how long it is.', []);
  const form = new URLSearchParams(await request.text());
  const parsed = decisionRequestSchema.safeParse({
    decision: form.get('decision'),
    comment: (form.get('comment') ?? '').replaceAll('\r\n', '\n'),
  });
  if (parsed.success) return parsed.data;
  throw invalid(
    400,
    'Choose “Approve” or “Reject”; a comment has 2,000 characters at most.',
    toFaults(parsed.error.issues),
  );
}

function invalid(status: number, detail: string, errors: ProblemError['errors']): ProblemError {
  return new ProblemError({
    status,
    code: 'invalid_request',
    title: 'The request is not valid',
    detail,
    errors,
  });
}
