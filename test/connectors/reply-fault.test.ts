import { describe, expect, test } from 'vitest';

import { readReset } from '#connectors/http/read-reset.ts';
import { replyFault } from '#connectors/http/reply-fault.ts';

/** The far end's clock is an hour ahead of anybody's: what it says counts by its own. */
const FAR_NOW = Date.now() + 3_600_000;
const date = new Date(FAR_NOW).toUTCString();
const FAR_SECONDS = Math.floor(FAR_NOW / 1_000);
const inSeconds = (seconds: number) => new Date((FAR_SECONDS + seconds) * 1_000);

describe('the time that a throttled reply asks for', () => {
  test.each<[string, Record<string, string>, number | undefined]>([
    ['nothing said', {}, undefined],
    ['Slack, Stripe: whole seconds', { 'retry-after': '30' }, 30_000],
    ['Shopify: a fraction', { 'retry-after': '2.0' }, 2_000],
    ['Discord: a fraction', { 'retry-after': '0.57' }, 570],
    ['a date', { 'retry-after': inSeconds(90).toUTCString() }, 90_000],
    ['a date that is over', { 'retry-after': inSeconds(-90).toUTCString() }, 0],
    ['milliseconds', { 'retry-after-ms': '1250' }, 1_250],
    ['milliseconds before seconds', { 'retry-after-ms': '1250', 'retry-after': '2' }, 1_250],
    [
      'Discord: seconds after',
      { 'x-ratelimit-reset-after': '1.5', 'x-ratelimit-reset': `${FAR_SECONDS + 9}` },
      1_500,
    ],
    ['GitHub: seconds since 1970', { 'x-ratelimit-reset': `${FAR_SECONDS + 120}` }, 120_000],
    ['with a fraction', { 'x-ratelimit-reset': `${FAR_SECONDS + 120}.5` }, 120_500],
    ['milliseconds since 1970', { 'x-ratelimit-reset': `${(FAR_SECONDS + 45) * 1_000}` }, 45_000],
    ['seconds to go', { 'x-ratelimit-reset': '17' }, 17_000],
    ['Twitter: another spelling', { 'x-rate-limit-reset': `${FAR_SECONDS + 60}` }, 60_000],
    ['a time in words', { 'x-ratelimit-reset': inSeconds(33).toISOString() }, 33_000],
    ['a date in words', { 'x-ratelimit-reset': inSeconds(33).toUTCString() }, 33_000],
    ['several windows', { 'x-ratelimit-reset': '3, 40' }, 40_000],
    ['over already', { 'x-ratelimit-reset': `${FAR_SECONDS - 5}` }, 0],
    ['Zendesk, the draft: seconds to go', { 'ratelimit-reset': '41' }, 41_000],
    ['the draft of seven', { ratelimit: 'limit=100, remaining=0, reset=50' }, 50_000],
    ['the draft of eight', { ratelimit: '"default";r=0;t=30' }, 30_000],
    ['the policy that is spent', { ratelimit: '"burst";r=0;t=5, "daily";r=900;t=40000' }, 5_000],
    ['HubSpot: the window', { 'x-hubspot-ratelimit-interval-milliseconds': '10000' }, 10_000],
    ['nonsense', { 'retry-after': 'soon', 'x-ratelimit-reset': '-1', ratelimit: 'lots' }, undefined],
    ['nonsense before sense', { 'retry-after': 'soon', 'x-ratelimit-reset': '8' }, 8_000],
  ])('%s', (_, headers, expected) => {
    expect(readReset({ date, ...headers })).toBe(expected);
  });

  test('goes by our clock where the far end gives none', () => {
    const wait = readReset({ 'x-ratelimit-reset': `${Math.floor(Date.now() / 1_000) + 100}` })!;
    expect(wait).toBeGreaterThan(90_000);
    expect(wait).toBeLessThanOrEqual(100_000);
  });
});

describe('what a status means', () => {
  const fault = (status: number, headers: Record<string, string> = {}, body = '') =>
    replyFault({ status, headers, body: new TextEncoder().encode(body) }, false);

  test.each<[string, ReturnType<typeof fault>, ReturnType<typeof fault>]>([
    ['2xx is none', fault(204, { 'retry-after': '9' }), null],
    ['429', fault(429), { kind: 'throttled' }],
    ['429 with a vendor’s header', fault(429, { 'x-ratelimit-reset': '5' }), throttled(5_000)],
    ['503 with a time', fault(503, { 'retry-after': '5' }), throttled(5_000)],
    ['503 alone', fault(503, { 'x-ratelimit-reset': '5' }), { kind: 'transient' }],
    [
      '500 with a time keeps it',
      fault(500, { 'retry-after': '5' }),
      { kind: 'transient', retryAfterMs: 5_000 },
    ],
    [
      'GitHub: nothing left',
      fault(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '5' }),
      throttled(5_000),
    ],
    [
      'GitHub: some left',
      fault(403, { 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': '5' }),
      { kind: 'invalid' },
    ],
    ['GitHub: a secondary limit with a time', fault(403, { 'retry-after': '60' }), throttled(60_000)],
    [
      'GitHub: a secondary limit in words',
      fault(403, {}, '{"message":"You have exceeded a secondary rate limit."}'),
      throttled(60_000),
    ],
    ['403 alone', fault(403, {}, 'no'), { kind: 'invalid' }],
    ['404', fault(404), { kind: 'invalid' }],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });

  function throttled(retryAfterMs: number) {
    return { kind: 'throttled' as const, retryAfterMs };
  }
});
