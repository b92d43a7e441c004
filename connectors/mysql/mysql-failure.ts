import { shorten } from '#connectors/shorten.ts';
import { lostConnection, noEncryption, type Refusal, refusalError } from '#connectors/sql/sql-failure.ts';
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
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT') return noEncryption(target);
  const tls = tlsFailure(code === 'HANDSHAKE_SSL_ERROR' ? tlsCode(error) : code, target, 'nothing');
  return tls ?? lostConnection(target, mayHaveChanged);
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
  const [, refusal = 'statement'] = SIGNS.find(([numbers]) => numbers.includes(errno)) ?? [];
  return refusalError(refusal, { target, said: shorten(sqlMessage ?? message, 500) }, { errno });
}

/** By the servers' numbers. */
const SIGNS: readonly (readonly [readonly number[], Refusal])[] = [
  [[1044, 1045, 1698, 1251, 3118], 'login'],
  [[1049], 'database'],
  [[1792, 1290], 'change'],
  [[1969, 3024, 1317], 'time'],
  [[1040, 1053, 1203, 1205, 1213, 1226], 'load'],
  [[1022, 1048, 1062, 1169, 1216, 1217, 1364, 1451, 1452, 1557, 1586, 3819, 4025], 'constraint'],
  [[1264, 1265, 1292, 1366, 1406, 1411, 1416, 1690, 3140, 3141], 'value'],
];
