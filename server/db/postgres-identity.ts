import { execFile } from 'node:child_process';
import { chown, stat } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** As whom Postgres's programs run; it refuses to run as root. */
export interface PostgresIdentity {
  readonly uid?: number;
  readonly gid?: number;
  /** Put before each program. */
  readonly prefix: readonly string[];
}

const AS_MYSELF: PostgresIdentity = { prefix: [] };

/** Root under another name: in a user namespace where it has the number of `daemon` and none of root's powers. */
const NAMESPACED: PostgresIdentity = {
  prefix: ['unshare', '--user', '--map-user=1', '--map-group=1', '--'],
};

/**
 * Chooses as whom Postgres runs, and gives it the cluster's folder. Not root: as this user. Root: as the system user
 * `postgres`, made when missing; where that user may not enter the checkout or the data directory (a checkout in
 * `/root`), as root in a user namespace. A cluster that exists stays with whom it belongs to. Null when nothing works.
 *
 * @param program one of Postgres's programs, to try.
 */
export async function choosePostgresIdentity(
  cluster: string,
  program: string,
): Promise<PostgresIdentity | null> {
  if (process.getuid?.() !== 0) return (await canRun(AS_MYSELF, cluster, program)) ? AS_MYSELF : null;
  const { uid, gid } = await stat(cluster);
  if (await isFilled(cluster)) {
    const same = uid === 0 ? NAMESPACED : { uid, gid, prefix: [] };
    return (await canRun(same, cluster, program)) ? same : null;
  }
  const system = await systemUser();
  if (system) {
    await chown(cluster, system.uid, system.gid);
    if (await canRun(system, cluster, program)) return system;
    await chown(cluster, 0, 0);
  }
  return (await canRun(NAMESPACED, cluster, program)) ? NAMESPACED : null;
}

async function isFilled(cluster: string): Promise<boolean> {
  return stat(`${cluster}/PG_VERSION`).then(
    () => true,
    () => false,
  );
}

async function systemUser(): Promise<Required<PostgresIdentity> | null> {
  try {
    return await idsOfPostgres().catch(async () => {
      await run('useradd', ['--system', '--user-group', 'postgres']);
      return idsOfPostgres();
    });
  } catch {
    // A small system without useradd: the namespace will do.
    return null;
  }
}

async function idsOfPostgres(): Promise<Required<PostgresIdentity>> {
  const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout), prefix: [] };
}

/** Tries before Postgres's own, less plain words would say it. */
async function canRun(
  { prefix, ...ids }: PostgresIdentity,
  cluster: string,
  program: string,
): Promise<boolean> {
  try {
    for (const command of [
      [program, '--version'],
      ['/usr/bin/env', 'test', '-w', cluster],
    ]) {
      const [first = '', ...rest] = [...prefix, ...command];
      await run(first, rest, { ...ids, cwd: '/' });
    }
    return true;
  } catch {
    return false;
  }
}
