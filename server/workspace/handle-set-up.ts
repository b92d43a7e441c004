import { randomUUID } from 'node:crypto';

import { setUpSchema } from '#core/api/workspace.ts';
import { toFaults } from '#server/api/zod-faults.ts';
import { problemResponse } from '#server/api/problem-response.ts';
import { readJsonBody } from '#server/api/read-json-body.ts';
import { isOwnOrLoopbackOrigin } from '#server/auth/same-origin.ts';
import { ADDRESS_HEADER, isLoopback } from '#server/caller-address.ts';
import { ProblemError } from '#server/problem.ts';
import { setUp } from '#server/workspace/set-up.ts';

/**
 * `POST /api/set-up`: the first user and workspace. Answers 201; 403 unless the request comes from this machine and from
 * this site, 409 when there is a user already.
 */
export async function handleSetUp(request: Request): Promise<Response> {
  const response = await answer(request).catch((error: unknown) => problemResponse(error, randomUUID()));
  response.headers.set('cache-control', 'private, no-store');
  return response;
}

async function answer(request: Request): Promise<Response> {
  const address = request.headers.get(ADDRESS_HEADER) ?? '';
  // Our own web server sets the header and drops a client's; without it nobody knows where the request is from.
  if (!isLoopback(address)) {
    throw forbidden(
      'Set-up works only from the machine that Patchbay runs on. Open it there, or start Patchbay with PATCHBAY_OWNER_EMAIL and PATCHBAY_OWNER_PASSWORD.',
    );
  }
  if (!isOwnOrLoopbackOrigin(request.headers))
    throw forbidden('Set-up works only from the page of this Patchbay.');
  const { value } = await readJsonBody(request, 16_384);
  const parsed = setUpSchema.safeParse(value);
  if (!parsed.success) throw invalid(toFaults(parsed.error.issues));
  await setUp(parsed.data, address);
  return Response.json({ ok: true }, { status: 201 });
}

function forbidden(detail: string): ProblemError {
  return new ProblemError({ status: 403, code: 'forbidden', title: 'Not allowed', detail });
}

function invalid(errors: NonNullable<ProblemError['errors']>): ProblemError {
  return new ProblemError({
    status: 400,
    code: 'invalid_request',
    title: 'The request is not valid',
    detail: errors[0]?.message ?? 'The body is not valid.',
    errors,
  });
}
