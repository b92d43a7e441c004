import { InvalidArgumentError, type Command } from 'commander';

import { bulkActionSchema, bulkPreviewSchema } from '#core/api/bulk-actions.ts';
import {
  deadLetterGroupsSchema,
  deadLetterListSchema,
  deadLetterSchema,
  type DeadLetter,
} from '#core/api/dead-letters.ts';
import { printBulkAction, waitForBulkAction } from './bulk-commands.ts';
import { callApi } from './call-api.ts';
import { isJson } from './is-json.ts';
import { numberAbove, wholeNumber } from './numbers.ts';
import { printJson, printLines, printTable } from './output.ts';
import { readPages } from './read-pages.ts';

/** `patchbay deadletter …` */
export function addDeadLetterCommands(program: Command): void {
  const deadLetter = program
    .command('deadletter')
    .description('list, group, redrive and discard runs that ended failed');
  withFilter(deadLetter.command('list').description('dead letters, newest first'))
    .option('--state <state>', 'open, redriven, discarded or all', 'open')
    .option('--limit <n>', 'at most so many', wholeNumber, 20)
    .action(listDeadLetters);
  deadLetter
    .command('groups')
    .description('open dead letters by flow, node and cause, the largest group first')
    .option('--flow <slug>', 'only of this flow')
    .option('--from <time>', 'only from this time on (ISO 8601)')
    .option('--to <time>', 'only before this time (ISO 8601)')
    .action(listGroups);
  withFilter(
    deadLetter.command('redrive').description('redrive open dead letters: by ids, or all that match'),
  )
    .argument('[runId...]', 'only these runs')
    .option(
      '--mode <mode>',
      'resume goes on from the failed step, replay makes a new run',
      oneOf('resume', 'replay'),
      'resume',
    )
    .option('--limit <n>', 'at most so many, oldest first', wholeNumber)
    .option('--rate <n>', 'at most so many a second', numberAbove(0))
    .option('--sample <n>', 'so many go first; then it pauses', wholeNumber)
    .option('--dry-run', 'only say how many it would be')
    .option('--wait', 'wait until it is done, paused or cancelled')
    .action(redrive);
  deadLetter
    .command('discard')
    .description('give a dead letter up, for good')
    .argument('<runId>')
    .requiredOption('--reason <text>', 'why; kept in the audit trail')
    .action(discard);
}

interface Filter {
  readonly flow?: string;
  readonly node?: string;
  readonly cause?: string;
  readonly q?: string;
  readonly from?: string;
  readonly to?: string;
}

function withFilter(command: Command): Command {
  return command
    .option('--flow <slug>', 'only of this flow')
    .option('--node <id>', 'only those that failed at this node; empty for runs that failed as a whole')
    .option('--cause <cause>', 'only with this cause, as in the groups')
    .option('--q <text>', "only with this text in id, error, event's key or body")
    .option('--from <time>', 'only from this time on (ISO 8601)')
    .option('--to <time>', 'only before this time (ISO 8601)');
}

function filterOf({ flow, node: nodeId, cause, q, from, to }: Filter) {
  return { flow, nodeId, cause, q, from, to };
}

async function listDeadLetters(
  options: Filter & { readonly state: string; readonly limit: number },
  command: Command,
): Promise<void> {
  const query = { ...filterOf(options), state: options.state };
  const page = await readPages<DeadLetter>('/dead-letters', deadLetterListSchema, {
    query,
    atMost: options.limit,
  });
  if (isJson(command)) return printJson(page);
  const rows = page.data.map((each) => [
    each.runId,
    each.flow,
    each.nodeId ?? '-',
    each.cause,
    each.createdAt,
    stateOf(each),
    each.error?.message ?? '',
  ]);
  printTable(['RUN', 'FLOW', 'NODE', 'CAUSE', 'FAILED', 'STATE', 'ERROR'], rows, 'No dead letters.');
}

function stateOf({ discardedAt, redrivenAt }: DeadLetter): string {
  return discardedAt !== null ? 'discarded' : redrivenAt !== null ? 'redriven' : 'open';
}

async function listGroups(query: Pick<Filter, 'flow' | 'from' | 'to'>, command: Command): Promise<void> {
  const { body } = await callApi('/dead-letters/groups', deadLetterGroupsSchema, { query: { ...query } });
  if (isJson(command)) return printJson(body);
  const rows = body.data.map((group) => [
    String(group.count),
    group.flow,
    group.nodeId ?? '-',
    group.cause,
    group.firstAt,
    group.lastAt,
    group.message,
  ]);
  printTable(
    ['COUNT', 'FLOW', 'NODE', 'CAUSE', 'FIRST', 'LAST', 'NEWEST ERROR'],
    rows,
    'No open dead letters.',
  );
}

interface RedriveOptions extends Filter {
  readonly mode: string;
  readonly limit?: number;
  readonly rate?: number;
  readonly sample?: number;
  readonly dryRun?: boolean;
  readonly wait?: boolean;
}

async function redrive(runIds: readonly string[], options: RedriveOptions, command: Command): Promise<void> {
  const { mode, limit, rate: ratePerSecond, sample: sampleSize } = options;
  const filter = { ...filterOf(options), ...(runIds.length > 0 ? { runIds } : {}) };
  const request = { filter, mode, limit, ratePerSecond, sampleSize };
  if (options.dryRun) return preview(request, command);
  const { body } = await callApi('/dead-letters/redrive', bulkActionSchema, {
    method: 'POST',
    body: request,
  });
  const action = options.wait ? await waitForBulkAction(body.id) : body;
  if (isJson(command)) printJson(action);
  else printBulkAction(action);
}

async function preview(request: object, command: Command): Promise<void> {
  const { body } = await callApi('/dead-letters/redrive', bulkPreviewSchema, {
    method: 'POST',
    body: { ...request, dryRun: true },
  });
  if (isJson(command)) return printJson(body);
  printLines([`It would redrive ${body.total}.`]);
  printLines(body.flows.map(({ flow, count }) => `  ${flow}  ${count}`));
}

async function discard(runId: string, { reason }: { reason: string }, command: Command): Promise<void> {
  const { body } = await callApi(`/dead-letters/${encodeURIComponent(runId)}/discard`, deadLetterSchema, {
    method: 'POST',
    body: { reason },
  });
  if (isJson(command)) printJson(body);
  else printLines([`Discarded the dead letter of the run ${body.runId}.`]);
}

function oneOf(...words: readonly string[]): (text: string) => string {
  return (text) => {
    if (words.includes(text)) return text;
    throw new InvalidArgumentError(`Give one of ${words.join(', ')}.`);
  };
}
