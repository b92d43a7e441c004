import { explainError } from '#components/runs/explain-error.ts';
import { ERROR_KINDS } from '#core/api/words.ts';

/** What a group of dead letters has in common. */
export interface Cause {
  readonly errorKind: string;
  /** The error's code, and of a reply its status: `http_status 503`. */
  readonly cause: string;
}

/** A cause in plain words: `There is nothing at that address`. */
export function causeInWords({ errorKind, cause }: Cause): string {
  const [code = '', status] = cause.split(' ');
  const kind = ERROR_KINDS.find((each) => each === errorKind);
  if (kind === undefined) return cause;
  const detail = status === undefined ? undefined : { status: Number(status) };
  return explainError({ kind, code, message: '', ...(detail && { detail }) }).headline;
}

/** The tallest part of a chart, for its description: the place and the count; null where nothing is. */
export function peakOf(
  buckets: readonly { readonly at: string; readonly count: number }[],
): { readonly at: string; readonly count: number } | null {
  const peak = buckets.reduce<(typeof buckets)[number] | null>(
    (highest, next) => (highest === null || next.count > highest.count ? next : highest),
    null,
  );
  return peak === null || peak.count === 0 ? null : peak;
}
