type Headers = Readonly<Record<string, string>>;

/** Above this a number is a time in milliseconds since 1970, above the other one in seconds; below both, seconds to go. */
const EPOCH_MS = 100_000_000_000;
const EPOCH_SECONDS = 1_000_000_000;

const NUMBER = /^\d{1,15}(?:\.\d{1,9})?$/;

/**
 * Milliseconds that a far end which says "too many" asks to wait, whichever of the usual headers it says it in; undefined
 * where none can be read. Times are held against the far end's own `Date` where it gives one: the clocks may differ.
 */
export function readReset(headers: Headers): number | undefined {
  for (const read of READERS) {
    const found = read(headers);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The same from `Retry-After` and `Retry-After-Ms` alone: they mean what they say on any reply. */
export function readRetryAfter(headers: Headers): number | undefined {
  return milliseconds(headers['retry-after-ms']) ?? secondsOrDate(headers, 'retry-after');
}

/** The same from one header, whatever way it says it: seconds to go, a time, or milliseconds since 1970. */
export function readResetIn(headers: Headers, name: string): number | undefined {
  return bySize(headers, name.toLowerCase());
}

/** The plainest first. */
const READERS: readonly ((headers: Headers) => number | undefined)[] = [
  readRetryAfter,
  // Discord: seconds, with a fraction.
  (headers) => seconds(headers['x-ratelimit-reset-after']),
  (headers) => draftReset(headers['ratelimit']),
  (headers) => bySize(headers, 'ratelimit-reset'),
  // GitHub, Okta: seconds since 1970; others: seconds to go, or milliseconds since 1970.
  (headers) => bySize(headers, 'x-ratelimit-reset'),
  (headers) => bySize(headers, 'x-rate-limit-reset'),
  // HubSpot names the length of its window alone.
  (headers) => milliseconds(headers['x-hubspot-ratelimit-interval-milliseconds']),
];

function milliseconds(value: string | undefined): number | undefined {
  const text = value?.trim();
  return text !== undefined && NUMBER.test(text) ? Math.ceil(Number(text)) : undefined;
}

function seconds(value: string | undefined): number | undefined {
  const text = value?.trim();
  return text !== undefined && NUMBER.test(text) ? Math.ceil(Number(text) * 1_000) : undefined;
}

function secondsOrDate(headers: Headers, name: string): number | undefined {
  const text = headers[name]?.trim();
  if (text === undefined) return undefined;
  return seconds(text) ?? until(headers, timeOf(text));
}

/** Several windows may be listed: the longest counts. */
function bySize(headers: Headers, name: string): number | undefined {
  const value = headers[name]?.trim();
  if (value === undefined) return undefined;
  const waits = value.split(',').flatMap((part) => waitOf(headers, part.trim()) ?? []);
  // A date has a comma itself.
  return waits.length > 0 ? Math.max(...waits) : until(headers, timeOf(value));
}

function waitOf(headers: Headers, text: string): number | undefined {
  if (!NUMBER.test(text)) return undefined;
  const number = Number(text);
  if (number >= EPOCH_MS) return until(headers, number);
  if (number >= EPOCH_SECONDS) return until(headers, number * 1_000);
  return Math.ceil(number * 1_000);
}

/**
 * `RateLimit` of the IETF's drafts: `"default";r=0;t=30` or, earlier, `limit=100, remaining=0, reset=30`. Of several policies
 * those count that have nothing left.
 */
function draftReset(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const old = /(?:^|[,;\s])reset=(\d{1,9})\b/i.exec(value);
  if (old) return Number(old[1]) * 1_000;
  const policies = value.split(',').flatMap((policy) => {
    const left = /;\s*r=(\d{1,15})\b/i.exec(policy);
    const time = /;\s*t=(\d{1,9})\b/i.exec(policy);
    return time ? [{ left: left ? Number(left[1]) : 0, wait: Number(time[1]) * 1_000 }] : [];
  });
  const spent = policies.filter(({ left }) => left === 0);
  const waits = (spent.length > 0 ? spent : policies).map(({ wait }) => wait);
  return waits.length > 0 ? Math.max(...waits) : undefined;
}

/** NaN for what is neither an HTTP date nor an ISO one: `Date.parse` alone reads a time into nearly anything. */
function timeOf(text: string): number {
  return /^(?:[A-Za-z]{3,9},? |\d{4}-\d\d-\d\d)/.test(text) ? Date.parse(text) : NaN;
}

function until(headers: Headers, at: number): number | undefined {
  if (Number.isNaN(at)) return undefined;
  const sent = Date.parse(headers['date'] ?? '');
  return Math.max(0, at - (Number.isNaN(sent) ? Date.now() : sent));
}
