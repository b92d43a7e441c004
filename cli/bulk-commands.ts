import { setTimeout as sleep } from 'node:timers/promises';

import type { Command } from 'commander';

import {
  bulkActionListSchema,
  bulkActionSchema,
  bulkItemListSchema,
  type BulkAction,
  type BulkItem,
} from '#core/api/bulk-actions.ts';
import { callApi } from './call-api.ts';
import { isJson } from './is-json.ts';
import { wholeNumber } from './numbers.ts';
import { printJson, printLines, printTable } from './output.ts';
import { readPages } from './read-pages.ts';

const LOOK_MS = 500;
/** Failed items that `show` lists. */
const SHOWN_FAILURES = 20;

/** `patchbay bulk …` */
export function addBulkCommands(program: Command): void {
  const bulk = program.command('bulk').description('follow, pause, continue and cancel bulk actions');
  bulk
    .command('list')
    .description('bulk actions, newest first')
    .option('--limit <n>', 'at most so many', wholeNumber, 20)
    .action(listBulkActions);
  bulk
    .command('show')
    .description('one bulk action, and what failed of it')
    .argument('<id>')
    .option('--wait', 'wait until it is done, paused or cancelled')
    .action(showBulkAction);
  for (const [verb, description] of Object.entries(CHANGES))
    bulk
      .command(verb)
      .description(description)
      .argument('<id>')
      .action((id: string, _: object, command: Command) => changeBulkAction(verb, id, command));
}

const CHANGES = {
  pause: 'begin nothing more of it for now',
  continue: 'go on with it; after its sample, with the rest',
  cancel: 'end it; what is pending stays untouched',
} as const;

async function listBulkActions({ limit }: { limit: number }, command: Command): Promise<void> {
  const page = await readPages<BulkAction>('/bulk-actions', bulkActionListSchema, { atMost: limit });
  if (isJson(command)) return printJson(page);
  const rows = page.data.map(({ id, kind, status, total, counts, createdAt, createdBy }) => [
    id,
    kind,
    status,
    String(total),
    String(counts.done),
    String(counts.skipped),
    String(counts.failed),
    createdAt,
    createdBy,
  ]);
  const headings = ['ID', 'KIND', 'STATUS', 'TOTAL', 'DONE', 'SKIPPED', 'FAILED', 'MADE', 'BY'];
  printTable(headings, rows, 'No bulk actions.');
}

async function showBulkAction(id: string, { wait }: { wait?: boolean }, command: Command): Promise<void> {
  const action = wait ? await waitForBulkAction(id) : await readBulkAction(id);
  if (isJson(command)) return printJson(action);
  printBulkAction(action);
  if (action.counts.failed === 0) return;
  const path = `/bulk-actions/${encodeURIComponent(id)}/items`;
  const options = { query: { status: 'failed' }, atMost: SHOWN_FAILURES };
  const page = await readPages<BulkItem>(path, bulkItemListSchema, options);
  printLines(['']);
  printTable(
    ['FAILED RUN', 'WHY'],
    page.data.map(({ runId, eventId, message }) => [runId ?? eventId ?? '', message ?? '']),
    '',
  );
}

async function changeBulkAction(verb: string, id: string, command: Command): Promise<void> {
  const path = `/bulk-actions/${encodeURIComponent(id)}/${verb}`;
  const { body } = await callApi(path, bulkActionSchema, { method: 'POST' });
  if (isJson(command)) printJson(body);
  else printBulkAction(body);
}

/** Asks until the bulk action is not running any more. */
export async function waitForBulkAction(id: string): Promise<BulkAction> {
  for (;;) {
    const action = await readBulkAction(id);
    if (action.status !== 'running') return action;
    await sleep(LOOK_MS);
  }
}

async function readBulkAction(id: string): Promise<BulkAction> {
  return (await callApi(`/bulk-actions/${encodeURIComponent(id)}`, bulkActionSchema)).body;
}

/** How far it is, and how the runs stand that it started. */
export function printBulkAction(action: BulkAction): void {
  const { done, skipped, failed, pending } = action.counts;
  const results = Object.entries(action.results).filter(([, count]) => count > 0);
  printLines([
    `Bulk action  ${action.id}`,
    `Kind         ${action.kind}`,
    `Status       ${action.status}${action.isSample ? ', for a look at its sample' : ''}`,
    `Items        ${action.total}: ${done} done, ${skipped} skipped, ${failed} failed, ${pending} pending`,
    ...(results.length > 0
      ? [`Runs         ${results.map(([status, count]) => `${count} ${status}`).join(', ')}`]
      : []),
  ]);
}
