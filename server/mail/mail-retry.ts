/** After so many attempts, spread over about a day and a half, a mail is given up. */
const MAX_ATTEMPTS = 12;
const BASE_SECONDS = 15;
const MAX_SECONDS = 6 * 3_600;

/**
 * When a mail is tried again, in seconds; null when it is given up: at once where the server refuses it for good (5xx, but for
 * refused credentials, which somebody may mend).
 */
export function mailRetrySeconds(error: unknown, attempts: number): number | null {
  if (attempts >= MAX_ATTEMPTS || isRefusedForGood(error)) return null;
  return Math.min(MAX_SECONDS, BASE_SECONDS * 3 ** (attempts - 1));
}

function isRefusedForGood(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  const status = 'responseCode' in error ? error.responseCode : undefined;
  return typeof status === 'number' && status >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE');
}
