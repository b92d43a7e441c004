import { Prisma } from '#prisma/generated/client.ts';

/** Of transactions that meet so often, one gets through each time. */
const MOST_TRIES = 5;

/**
 * Makes a transaction again that met another one: of two that wait for each other's rows Postgres ends one, which has then changed
 * nothing. `transact` begins anew each time.
 */
export async function unlessConflicted<T>(transact: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await transact();
    } catch (error) {
      if (!isConflict(error) || tries === MOST_TRIES) throw error;
    }
  }
}

/** Two transactions waited for each other (a deadlock), or changed the same behind each other's backs. */
export function isConflict(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2034') return true;
  return ['40001', '40P01'].includes(sqlState(error));
}

/** The SQLSTATE of what Postgres refused; empty for other errors. */
export function sqlState(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const inner = error instanceof Prisma.PrismaClientKnownRequestError ? innerCode(error) : undefined;
  return inner ?? ('code' in error && typeof error.code === 'string' ? error.code : '');
}

/** Where Prisma keeps the code of a raw query's error. */
function innerCode({ meta }: Prisma.PrismaClientKnownRequestError): string | undefined {
  const fault = meta?.['driverAdapterError'];
  const cause = fault instanceof Error ? (fault.cause as { originalCode?: unknown } | undefined) : undefined;
  return typeof cause?.originalCode === 'string' ? cause.originalCode : undefined;
}
