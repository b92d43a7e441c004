import { EXPRESSION_LIMITS } from './limits.ts';

export interface DescribedError {
  readonly message: string;
  /** Characters from the start of the expression, where JSONata says. */
  readonly position: number | undefined;
}

/** Our words for the limits; JSONata's speak of its options. */
const LIMIT_MESSAGES: Readonly<Record<string, string>> = {
  D1011: 'It calls itself too deeply. Check for endless recursion',
  D1012: `It took longer than ${EXPRESSION_LIMITS.timeoutMs / 1000} s. Check for an endless loop`,
  D2014: 'It makes a list that is too long',
  D2015: `It makes a list of more than ${EXPRESSION_LIMITS.sequence} items`,
};

/** What JSONata threw (plain objects, mostly), as one sentence without a full stop. */
export function describeError(thrown: unknown): DescribedError {
  if (thrown instanceof RangeError)
    return { message: 'It is nested too deeply, or makes too much data', position: undefined };
  if (typeof thrown !== 'object' || thrown === null) return { message: String(thrown), position: undefined };
  const { code, message, position } = thrown as { code?: unknown; message?: unknown; position?: unknown };
  const text =
    LIMIT_MESSAGES[String(code)] ?? (typeof message === 'string' ? message : 'It could not be evaluated');
  return {
    message: shorten(text.replace(/[.\s]+$/, '')),
    position: typeof position === 'number' ? position : undefined,
  };
}

/** Messages quote values, and values can be large. */
function shorten(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
