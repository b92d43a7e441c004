/** Prisma's: cannot be reached, timed out, hung up, no connection or no transaction free in time. */
const PRISMA = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028']);
/** Node's and Postgres's: no connection, hung up, shut down, starting up, too many clients. */
const LOWER =
  /^(ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|08\w{3}|57P0[123]|53300)$/;
/** Of what says it in words alone. */
const WORDS =
  /can't reach database server|timeout exceeded when trying to connect|connection terminated|server has closed the connection/i;

/** True for an error that says of the database only that it is away or has no room just now: the same may work later. */
export function isUnavailable(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const { code } = thrown as { code?: unknown };
  if (typeof code === 'string' && (PRISMA.has(code) || LOWER.test(code))) return true;
  return WORDS.test(thrown.message) || isUnavailable(thrown.cause);
}
