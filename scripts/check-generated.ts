import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { completeLockfile } from '#scripts/complete-lockfile.ts';
import { staleReferencePages } from '#scripts/make-reference.ts';

const ROOT = resolve(import.meta.dirname, '..');
const MIGRATIONS = join(ROOT, 'prisma', 'migrations');

/** One line for every generated file that no longer agrees with its source. */
export async function findStaleFiles(): Promise<readonly string[]> {
  return [...(await staleMigration()), ...(await lockfileFaults()), ...(await staleReferencePages())];
}

/** The newest migration keeps a copy of the schema that it leads to. */
async function staleMigration(): Promise<readonly string[]> {
  const names = (await readdir(MIGRATIONS, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const newest = names
    .map((entry) => entry.name)
    .sort()
    .at(-1);
  if (!newest) return ['prisma/migrations is empty.'];
  const copy = join(MIGRATIONS, newest, 'schema.prisma');
  const isSame =
    existsSync(copy) && (await readText(copy)) === (await readText(join(ROOT, 'prisma/schema.prisma')));
  return isSame
    ? []
    : [`prisma/schema.prisma has changes without a migration: node scripts/make-migration.ts <name>`];
}

/** A lockfile that names a registry's host installs from that host only; one with gaps, nowhere. */
async function lockfileFaults(): Promise<readonly string[]> {
  const lock = await readText(join(ROOT, 'package-lock.json'));
  const { added } = completeLockfile(lock);
  return [
    ...(lock.includes('"resolved": "http')
      ? ['package-lock.json holds addresses: run npm install again.']
      : []),
    ...(added.length > 0
      ? ['package-lock.json lacks other platforms: node scripts/complete-lockfile.ts']
      : []),
  ];
}

function readText(path: string): Promise<string> {
  return readFile(path, 'utf8');
}

if (import.meta.main) {
  const stale = await findStaleFiles();
  for (const line of stale) console.error(line);
  process.exitCode = stale.length > 0 ? 1 : 0;
}
