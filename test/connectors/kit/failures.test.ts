import { describe, expect, it } from 'vitest';

import type { FailureFacts, HttpCall } from '#connectors/kit/http-call.ts';
import type { StepError } from '#core/step-failure.ts';
import type { SinkReply } from '#test/support/sink.ts';
import { useKit } from './kit-fixture.ts';

const kit = useKit();
const call: HttpCall = { method: 'POST', path: '/things' };

async function failure(reply: SinkReply, failures: FailureFacts = {}): Promise<StepError> {
  kit.sink.reply('/v1/things', reply);
  return kit.failureOf(call, {}, { http: { failures } });
}

describe('a reply that is a failure', () => {
  it.each<[number, StepError['kind'], RegExp]>([
    [400, 'invalid', /^Vend refused the call \(400 Bad Request\)\.$/],
    [401, 'auth', /connect it again/],
    [403, 'invalid', /scopes/],
    [404, 'invalid', /no such thing/],
    [429, 'throttled', /429 Too Many Requests/],
    [500, 'transient', /500/],
    [503, 'transient', /503/],
  ])('%i is %s, and says what to do', async (status, kind, words) => {
    const error = await failure({ status, body: {} });
    expect(error).toMatchObject({ kind, code: 'http_status', detail: { status } });
    expect(error.message).toMatch(words);
  });

  it('says what the vendor says, and keeps the reply', async () => {
    const failures: FailureFacts = {
      code: ['/error/code'],
      message: ['/error/message', '/error/fields/*/name'],
    };
    const body = {
      error: {
        code: 'invalid',
        message: 'Two fields are wrong',
        fields: [{ name: 'email' }, { name: 'name' }],
      },
    };
    const error = await failure({ status: 422, body, headers: { 'x-request-id': 'r-1' } }, failures);
    expect(error.message).toBe(
      'Vend refused the call (422 Unprocessable Content): Two fields are wrong; email; name.',
    );
    expect(error.detail).toMatchObject({
      status: 422,
      code: 'invalid',
      body,
      headers: { 'x-request-id': 'r-1' },
    });
  });

  it('follows what is known of a word, or of a status', async () => {
    const failures: FailureFacts = {
      code: ['/reason'],
      known: {
        quota: { kind: 'throttled', waitSeconds: 30, says: 'The quota of the day is used up.' },
        '409': { kind: 'transient', says: 'Somebody else writes just now.' },
      },
    };
    const quota = await failure({ status: 403, body: { reason: 'quota' } }, failures);
    expect(quota).toMatchObject({ kind: 'throttled', retryAfterMs: 30_000 });
    expect(quota.message).toBe(
      'Vend refused the call (403 Forbidden): quota. The quota of the day is used up.',
    );
    const conflict = await failure({ status: 409, body: {} }, failures);
    expect(conflict).toMatchObject({
      kind: 'transient',
      message: expect.stringMatching(/Somebody else/) as string,
    });
    expect(await failure({ status: 403, body: { reason: 'constructor' } }, failures)).toMatchObject({
      kind: 'invalid',
    });
  });

  it('is found in a 200, where the vendor hides it there', async () => {
    const failures: FailureFacts = {
      isFailure: { at: '/ok', is: false },
      code: ['/error'],
      known: {
        ratelimited: { kind: 'throttled', waitSeconds: 1 },
        token_expired: { kind: 'auth' },
        channel_not_found: { says: 'Invite the app first.' },
      },
    };
    expect(await failure({ body: { ok: false, error: 'channel_not_found' } }, failures)).toMatchObject({
      kind: 'invalid',
      code: 'vendor_refused',
      message: 'Vend refused the call (channel_not_found). Invite the app first.',
    });
    expect(await failure({ body: { ok: false, error: 'token_expired' } }, failures)).toMatchObject({
      kind: 'auth',
    });
    const limited = await failure(
      { body: { ok: false, error: 'ratelimited' }, headers: { 'retry-after': '7' } },
      failures,
    );
    expect(limited).toMatchObject({ kind: 'throttled', retryAfterMs: 7_000 });
    kit.sink.reply('/v1/things', { body: { ok: true, error: 'channel_not_found' } });
    await expect(kit.make(call, {}, { http: { failures } })).resolves.toMatchObject({ ok: true });
  });

  it('is none where the vendor only says that it is done already', async () => {
    const http = {
      failures: {
        code: ['/error'],
        isFailure: { at: '/ok', is: false },
        known: { already: { isDone: true } },
      },
    };
    kit.sink.reply('/v1/things', { body: { ok: false, error: 'already' } });
    await expect(kit.make(call, {}, { http })).resolves.toEqual({ ok: false, error: 'already' });
  });

  it('says when to come again, by the usual headers and by the vendor’s own', async () => {
    expect(await failure({ status: 429, body: {}, headers: { 'retry-after': '3' } })).toMatchObject({
      retryAfterMs: 3_000,
    });
    const failures: FailureFacts = { resetHeaders: ['X-Window-Ends'] };
    expect(
      await failure({ status: 429, body: {}, headers: { 'x-window-ends': '12' } }, failures),
    ).toMatchObject({ retryAfterMs: 12_000 });
  });

  it('never holds the account’s token', async () => {
    const error = await failure({ status: 400, body: { message: 'no' } }, { message: ['/message'] });
    expect(JSON.stringify(error)).not.toContain('s3cret-token');
  });
});
