import type { Command } from 'commander';

import { isJson } from './is-json.ts';
import { onServerSide } from './on-server-side.ts';
import { printJson, printLines } from './output.ts';

const KEY = [
  'The master key is not in the backup: keep PATCHBAY_SECRET_KEY (or the file secret-key in the data directory) apart from it.',
  'Without it, connections cannot be opened any more.',
];

/** `patchbay backup` and `patchbay restore`, which work on the database itself. */
export function addBackupCommands(program: Command): void {
  program
    .command('backup')
    .description('write the whole database to a file, while Patchbay runs or not')
    .requiredOption('--out <file>', 'the file to write; it must not exist')
    .action(backup);
  program
    .command('restore')
    .description('put a backup into the database; Patchbay must not run')
    .argument('<file>')
    .option('--force', 'replace what the database holds')
    .action(restore);
}

async function backup({ out }: { out: string }, command: Command): Promise<void> {
  const written = await onServerSide(async (env) => {
    const { backupDatabase } = await import('#server/backup/backup-database.ts');
    return backupDatabase(env, out);
  });
  if (isJson(command)) return printJson(written);
  const kind = written.format === 'custom' ? "pg_dump's custom format" : 'a compressed SQL script';
  printLines([`Wrote ${written.file}: ${written.bytes} bytes, ${kind}.`, ...KEY]);
}

async function restore(file: string, { force }: { force?: boolean }, command: Command): Promise<void> {
  const restored = await onServerSide(async (env) => {
    const { restoreDatabase } = await import('#server/backup/restore-database.ts');
    return restoreDatabase(env, { file, isForced: force === true });
  });
  if (isJson(command)) return printJson({ file, ...restored });
  const { migrated } = restored;
  printLines([
    `Restored ${file}${migrated.length > 0 ? ` and brought it up to date (${migrated.join(', ')})` : ''}.`,
    'Start Patchbay with the master key that was in use when the backup was made (PATCHBAY_SECRET_KEY, or the file secret-key',
    'in the data directory): connections open with no other.',
  ]);
}
