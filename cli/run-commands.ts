import type { Command } from 'commander';

import { runListSchema, runSchema, type Run, type RunSummary } from '#core/api/runs.ts';
import { callApi } from './call-api.ts';
import { CliError } from './cli-error.ts';
import { isJson } from './is-json.ts';
import { wholeNumber } from './numbers.ts';
import { printJson, printLines, printTable } from './output.ts';
import { readInput, type InputOptions } from './read-input.ts';
import { readPages } from './read-pages.ts';
import { addRecoveryCommands } from './recovery-commands.ts';

/** `patchbay run …` */
export function addRunCommands(program: Command): void {
  const run = program.command('run').description('list, show, start, resume and replay runs');
  run
    .command('list')
    .description('runs, newest first')
    .option('--flow <slug>', 'only of this flow')
    .option('--status <statuses>', 'only with one of these statuses, separated by commas')
    .option('--q <text>', "only with this text in id, flow, error, event's key or body")
    .option('--from <time>', 'only from this time on (ISO 8601)')
    .option('--to <time>', 'only before this time (ISO 8601)')
    .option('--limit <n>', 'at most so many', wholeNumber, 20)
    .action(listRuns);
  run.command('show').description('one run with its steps').argument('<id>').action(showRun);
  run
    .command('start')
    .description('start a run by hand')
    .argument('<slug>')
    .option('--input <json>', 'the input')
    .option('--input-file <file>', 'read the input from this file; - reads the standard input')
    .option('--version <version>', 'draft, latest or a number', 'latest')
    .option(
      '--wait <seconds>',
      'wait so long for the end; a run that ends failed makes the command fail',
      wholeNumber,
      0,
    )
    .action(startRun);
  addRecoveryCommands(run);
}

interface ListOptions {
  readonly flow?: string;
  readonly status?: string;
  readonly q?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
}

async function listRuns({ limit, ...query }: ListOptions, command: Command): Promise<void> {
  const page = await readPages<RunSummary>('/runs', runListSchema, { query: { ...query }, atMost: limit });
  if (isJson(command)) return printJson(page);
  const rows = page.data.map((run) => [
    run.id,
    run.flow,
    run.version === null ? 'draft' : `v${run.version}`,
    run.status,
    run.createdAt,
    duration(run),
    run.error?.message ?? '',
  ]);
  printTable(['RUN', 'FLOW', 'VERSION', 'STATUS', 'ACCEPTED', 'TOOK', 'ERROR'], rows, 'No runs.');
}

async function showRun(id: string, _: object, command: Command): Promise<void> {
  const { body } = await callApi(`/runs/${encodeURIComponent(id)}`, runSchema);
  if (isJson(command)) printJson(body);
  else printRun(body);
}

interface StartOptions extends InputOptions {
  readonly version: string;
  readonly wait: number;
}

async function startRun(slug: string, options: StartOptions, command: Command): Promise<void> {
  const input = await readInput(options);
  const version = /^\d+$/.test(options.version) ? Number(options.version) : options.version;
  const { body } = await callApi(`/flows/${encodeURIComponent(slug)}/runs`, runSchema, {
    method: 'POST',
    body: { input, version, wait: options.wait },
  });
  if (isJson(command)) printJson(body);
  else printRun(body);
  if (body.status === 'failed')
    throw new CliError(`The run failed: ${body.error?.message ?? 'no reason was kept'}`);
}

function printRun(run: Run): void {
  printLines([
    `Run      ${run.id}`,
    `Flow     ${run.flow} (${run.version === null ? 'draft' : `version ${run.version}`})`,
    `Status   ${run.status}`,
    `Accepted ${run.createdAt}`,
    ...(run.finishedAt === null ? [] : [`Took     ${duration(run)}`]),
    ...(run.error === null ? [] : [`Error    ${run.error.message}`]),
  ]);
  if (run.steps.length > 0) {
    const rows = run.steps.map((step) => [
      step.key === '' ? step.nodeId : `${step.nodeId} [${step.key}]`,
      step.status,
      String(step.attempts.length),
      duration(step),
      step.error?.message ?? '',
    ]);
    printLines(['']);
    printTable(['STEP', 'STATUS', 'ATTEMPTS', 'TOOK', 'ERROR'], rows, '');
  }
  if (run.output !== null) printLines(['', `Output   ${JSON.stringify(run.output)}`]);
}

function duration({
  startedAt,
  finishedAt,
}: {
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}): string {
  if (startedAt === null || finishedAt === null) return '-';
  const ms = Date.parse(finishedAt) - Date.parse(startedAt);
  return ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
