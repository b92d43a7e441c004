import { shorten } from '#connectors/shorten.ts';
import { lostConnection, noEncryption, type Refusal, refusalError } from '#connectors/sql/sql-failure.ts';
import { tlsFailure } from '#connectors/tls-failure.ts';
import { StepFailure, type StepError } from '#core/step-failure.ts';

/** What Postgres or its driver says of an error. */
interface PostgresError {
  /** Five characters (SQLSTATE) from the server; a name such as `ECONNRESET` from the network. */
  readonly code?: string;
  readonly message: string;
  readonly position?: string;
  readonly constraint?: string;
}

export interface StatementProgress {
  /** `host:port`. */
  readonly target: string;
  /** True once the end of the transaction was asked for: whether it came about is known to the server alone. */
  readonly isCommitting: boolean;
}

/**
 * Says in words why a statement did not do its work. Whatever goes wrong before the end of its transaction is undone by the server
 * (`not_done` where it may be tried again).
 */
export function postgresFailure(thrown: unknown, progress: StatementProgress): StepFailure {
  if (thrown instanceof StepFailure) return thrown;
  return new StepFailure(describe(thrown as PostgresError, progress), { cause: thrown });
}

function describe(error: PostgresError, { target, isCommitting }: StatementProgress): StepError {
  const { code = '', message } = error;
  if (/^[0-9A-Z]{5}$/.test(code)) return serverError(error, target);
  if (message === 'The server does not support SSL connections') return noEncryption(target);
  return tlsFailure(code, target, 'nothing') ?? lostConnection(target, isCommitting);
}

function serverError({ code = '', message, position }: PostgresError, target: string): StepError {
  const detail = { sqlstate: code, ...(position !== undefined && { position: Number(position) }) };
  const [, refusal = 'statement'] = SIGNS.find(([sign]) => sign.test(code)) ?? [];
  return refusalError(refusal, { target, said: shorten(message, 500) }, detail);
}

/** By SQLSTATE. */
const SIGNS: readonly (readonly [RegExp, Refusal])[] = [
  [/^28/, 'login'],
  [/^3D000$/, 'database'],
  [/^25006$/, 'change'],
  [/^57014$/, 'time'],
  [/^(40|53|55P03|57P|58|08(?!P01))/, 'load'],
  [/^23/, 'constraint'],
  [/^22/, 'value'],
];
