import type { StepError } from '#core/step-failure.ts';
import type { JsonObject } from '#core/json.ts';

/** Where a refusal came from, and in which words. */
export interface Refused {
  /** `host:port`. */
  readonly target: string;
  /** The server's own words. */
  readonly said: string;
}

const REFUSALS = {
  login: ({ target, said }) => ({
    kind: 'auth',
    code: 'login_refused',
    message: `${target} refused the login: ${said}`,
  }),
  database: ({ target, said }) => ({
    kind: 'invalid',
    code: 'database_missing',
    message: `${target}: ${said}`,
  }),
  change: () => ({
    kind: 'invalid',
    code: 'read_only',
    message: 'The statement changes data, and the step only reads. Switch “Only reads” off.',
    pointer: '/config/isReadOnly',
  }),
  time: () => ({
    kind: 'transient',
    code: 'not_done',
    message: 'The statement took too long and was stopped. Nothing was changed.',
  }),
  load: ({ target, said }) => ({
    kind: 'transient',
    code: 'not_done',
    message: `${target} could not do it now: ${said}. Nothing was changed.`,
  }),
  constraint: ({ said }) => ({
    kind: 'invalid',
    code: 'constraint_violated',
    message: `The database refused the data: ${said}`,
  }),
  value: ({ said }) => ({
    kind: 'invalid',
    code: 'invalid_value',
    message: `The database refused a value: ${said}`,
  }),
  statement: ({ said }) => ({
    kind: 'invalid',
    code: 'sql_refused',
    message: `The database refused the statement: ${said}`,
  }),
} as const satisfies Record<string, (refused: Refused) => StepError>;

/** What a server refuses, whichever it is and however it numbers that. */
export type Refusal = keyof typeof REFUSALS;

/** A server's refusal, with its own sign for it in `detail`. */
export function refusalError(refusal: Refusal, refused: Refused, detail: JsonObject): StepError {
  return { ...REFUSALS[refusal](refused), detail };
}

/** The connection asks for encryption, and the server has none. */
export function noEncryption(target: string): StepError {
  const message = `${target} does not offer encryption, and the connection asks for it.`;
  return { kind: 'invalid', code: 'tls_failed', message };
}

/** The server went away. `isUnsure`: what it was asked for may have been done. */
export function lostConnection(target: string, isUnsure: boolean): StepError {
  return isUnsure
    ? {
        kind: 'transient',
        code: 'unanswered',
        message: `${target} closed the connection without saying whether the change was kept.`,
      }
    : {
        kind: 'transient',
        code: 'not_done',
        message: `${target} closed the connection. Nothing was changed.`,
      };
}
