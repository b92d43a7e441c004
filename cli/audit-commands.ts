import type { Command } from 'commander';

import { auditCheckSchema, auditListSchema, type AuditEntry } from '#core/api/audit.ts';
import { callApi } from './call-api.ts';
import { CliError } from './cli-error.ts';
import { isJson } from './is-json.ts';
import { wholeNumber } from './numbers.ts';
import { printJson, printLines, printTable } from './output.ts';
import { readPages } from './read-pages.ts';

/** `patchbay audit …` */
export function addAuditCommands(program: Command): void {
  const audit = program.command('audit').description('read the audit log, and check that nobody changed it');
  audit
    .command('list')
    .description('what people and keys did, newest first')
    .option('--actor <name>', 'only by whom this is part of the name')
    .option('--action <action>', 'only this action (flow.publish), or all of a resource (flow)')
    .option('--q <text>', 'only with this text anywhere in the entry')
    .option('--from <time>', 'only from this time on (ISO 8601)')
    .option('--to <time>', 'only before this time (ISO 8601)')
    .option('--limit <n>', 'at most so many', wholeNumber, 50)
    .action(listEntries);
  audit
    .command('verify')
    .description('check every entry against its hash; fails when one was changed or is missing')
    .option('--anchor <position:hash>', 'as an earlier check told them: that entry must still have that hash')
    .action(verify);
}

interface ListOptions {
  readonly limit: number;
  readonly [filter: string]: string | number;
}

async function listEntries({ limit, ...query }: ListOptions, command: Command): Promise<void> {
  const page = await readPages<AuditEntry>('/audit', auditListSchema, { query, atMost: limit });
  if (isJson(command)) return printJson(page);
  const rows = page.data.map(({ at, actor, action, resource }) => [at, actor, action, resource]);
  printTable(['WHEN', 'WHO', 'WHAT', 'ON'], rows, 'No entries.');
}

async function verify({ anchor }: { readonly anchor?: string }, command: Command): Promise<void> {
  const { body } = await callApi('/audit/verify', auditCheckSchema, { query: { anchor } });
  if (isJson(command)) printJson(body);
  else
    printLines(
      body.last === null
        ? ['No entries.']
        : [
            `Chain intact from entry ${body.first} to entry ${body.last}.`,
            `Anchor for a later check: ${body.last}:${body.hash}`,
          ],
    );
  if (body.fault) throw new CliError(body.fault.message);
}
