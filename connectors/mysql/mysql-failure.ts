import { shorten } from '#connectors/shorten.ts';
import { tlsFailure } from '#connectors/tls-failure.ts';
import { StepFailure, type StepError } from '#core/step-failure.ts';

/** What the server or the driver says of an error. */
interface MysqlError {
  readonly code?: string;
  /** The server's number; absent for errors of the network. */
  readonly errno?: number;
  readonly sqlMessage?: string;
  readonly sqlState?: string;
  readonly message: string;
}

export interface StatementProgress {
  /** `host:port`. */
  readonly target: string;
  /** True once a statement was sent that may change something: not every table and statement can be undone. */
  readonly mayHaveChanged: boolean;
}

/** Says in words why a statement did not do its work; `not_done` where it may be tried again, because nothing was changed. */
export function mysqlFailure(thrown: unknown, progress: StatementProgress): StepFailure {
  if (thrown instanceof StepFailure) return thrown;
  return new StepFailure(describe(thrown as MysqlError, progress), { cause: thrown });
}

function describe(error: MysqlError, { target, mayHaveChanged }: StatementProgress): StepError {
  const { code = '', errno, sqlState } = error;
  if (errno !== undefined && sqlState !== undefined) return serverError(error, target);
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT')
    return {
      kind: 'invalid',
      code: 'tls_failed',
      message: `${target} does not offer encryption, and the connection asks for it.`,
    };
  const tls = tlsFailure(code === 'HANDSHAKE_SSL_ERROR' ? tlsCode(error) : code, target, 'nothing');
  if (tls) return tls;
  if (mayHaveChanged)
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

/** The driver puts a code of its own over that of TLS; the words are still there. */
function tlsCode({ message }: MysqlError): string {
  const found = TLS_WORDS.find(([words]) => words.test(message));
  return found?.[1] ?? 'ERR_SSL';
}

const TLS_WORDS: readonly (readonly [RegExp, string])[] = [
  [/has expired/i, 'CERT_HAS_EXPIRED'],
  [/not yet valid/i, 'CERT_NOT_YET_VALID'],
  [/does not match|altnames/i, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  [/self.signed|unable to (verify|get)/i, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
];

function serverError({ errno = 0, sqlMessage, message }: MysqlError, target: string): StepError {
  const said = shorten(sqlMessage ?? message, 500);
  const found = SERVER_ERRORS.find(({ numbers }) => numbers.includes(errno));
  const detail = { errno };
  if (found) return { ...found.describe(target, said), detail };
  return {
    kind: 'invalid',
    code: 'sql_refused',
    message: `The database refused the statement: ${said}`,
    detail,
  };
}

const SERVER_ERRORS: readonly {
  readonly numbers: readonly number[];
  readonly describe: (target: string, said: string) => StepError;
}[] = [
  {
    numbers: [1044, 1045, 1698, 1251, 3118],
    describe: (target, said) => ({
      kind: 'auth',
      code: 'login_refused',
      message: `${target} refused the login: ${said}`,
    }),
  },
  {
    numbers: [1049],
    describe: (target, said) => ({
      kind: 'invalid',
      code: 'database_missing',
      message: `${target}: ${said}`,
    }),
  },
  {
    numbers: [1792, 1290],
    describe: () => ({
      kind: 'invalid',
      code: 'read_only',
      message: 'The statement changes data, and the step only reads. Switch “Only reads” off.',
      pointer: '/config/isReadOnly',
    }),
  },
  {
    numbers: [1969, 3024, 1317],
    describe: () => ({
      kind: 'transient',
      code: 'not_done',
      message: 'The statement took too long and was stopped. Nothing was changed.',
    }),
  },
  {
    numbers: [1040, 1053, 1203, 1205, 1213, 1226],
    describe: (target, said) => ({
      kind: 'transient',
      code: 'not_done',
      message: `${target} could not do it now: ${said}. Nothing was changed.`,
    }),
  },
  {
    numbers: [1022, 1048, 1062, 1169, 1216, 1217, 1364, 1451, 1452, 1557, 1586, 3819, 4025],
    describe: (_, said) => ({
      kind: 'invalid',
      code: 'constraint_violated',
      message: `The database refused the data: ${said}`,
    }),
  },
  {
    numbers: [1264, 1265, 1292, 1366, 1406, 1411, 1416, 1690, 3140, 3141],
    describe: (_, said) => ({
      kind: 'invalid',
      code: 'invalid_value',
      message: `The database refused a value: ${said}`,
    }),
  },
];
