import { shorten } from '#connectors/shorten.ts';
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
  if (message === 'The server does not support SSL connections')
    return {
      kind: 'invalid',
      code: 'tls_failed',
      message: `${target} does not offer encryption, and the connection asks for it.`,
    };
  const tls = tlsFailure(code, target, 'nothing');
  if (tls) return tls;
  if (isCommitting)
    return {
      kind: 'transient',
      code: 'unanswered',
      message: `${target} closed the connection without saying whether the change was kept.`,
    };
  return {
    kind: 'transient',
    code: 'not_done',
    message: `${target} closed the connection. Nothing was changed.`,
  };
}

function serverError(error: PostgresError, target: string): StepError {
  const { code = '', message, position } = error;
  const said = shorten(message, 500);
  const detail = { sqlstate: code, ...(position !== undefined && { position: Number(position) }) };
  const found = SERVER_ERRORS.find(({ sign }) => sign.test(code));
  if (found) return { ...found.describe(target, said), detail };
  return { kind: 'invalid', code: 'sql_refused', message: `Postgres refused the statement: ${said}`, detail };
}

const SERVER_ERRORS: readonly {
  readonly sign: RegExp;
  readonly describe: (target: string, said: string) => StepError;
}[] = [
  {
    sign: /^28/,
    describe: (target, said) => ({
      kind: 'auth',
      code: 'login_refused',
      message: `${target} refused the login: ${said}`,
    }),
  },
  {
    sign: /^3D000$/,
    describe: (target, said) => ({
      kind: 'invalid',
      code: 'database_missing',
      message: `${target}: ${said}`,
    }),
  },
  {
    sign: /^25006$/,
    describe: () => ({
      kind: 'invalid',
      code: 'read_only',
      message: 'The statement changes data, and the step only reads. Switch “Only reads” off.',
      pointer: '/config/isReadOnly',
    }),
  },
  {
    sign: /^57014$/,
    describe: () => ({
      kind: 'transient',
      code: 'not_done',
      message: 'The statement took too long and was stopped. Nothing was changed.',
    }),
  },
  {
    sign: /^(40|53|55P03|57P|58|08(?!P01))/,
    describe: (target, said) => ({
      kind: 'transient',
      code: 'not_done',
      message: `${target} could not do it now: ${said}. Nothing was changed.`,
    }),
  },
  {
    sign: /^23/,
    describe: (_, said) => ({
      kind: 'invalid',
      code: 'constraint_violated',
      message: `Postgres refused the data: ${said}`,
    }),
  },
  {
    sign: /^22/,
    describe: (_, said) => ({
      kind: 'invalid',
      code: 'invalid_value',
      message: `Postgres refused a value: ${said}`,
    }),
  },
];
