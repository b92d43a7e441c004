import { Option, type Command } from 'commander';

import { replayPlanSchema, type ReplayPlan } from '#core/api/replay.ts';
import { runSchema, type Run } from '#core/api/runs.ts';
import { callApi } from './call-api.ts';
import { isJson } from './is-json.ts';
import { printJson, printLines, printTable } from './output.ts';
import { parseJsonText, readInput, type InputOptions } from './read-input.ts';

/** `patchbay run replay|resume|resolve|retry` */
export function addRecoveryCommands(run: Command): void {
  withInput(run.command('replay').description('replay a run as a new one'))
    .argument('<id>')
    .option('--from <node>', 'begin at this step; those before it are taken over')
    .option('--version <version>', 'original, latest or a number', 'original')
    .option('--dry-run', 'only show what it would do')
    .action(replay);
  withInput(run.command('resume').description('go on with a failed run from where it failed'))
    .argument('<id>')
    .option('--node <node>', 'with an input: the failed step that it is for')
    .option('--dry-run', 'only show what it would do')
    .action(resume);
  run
    .command('resolve')
    .description('settle a step in doubt')
    .argument('<id>')
    .requiredOption('--node <node>', 'the step')
    .option('--key <path>', 'its loop path, such as 4.2')
    .addOption(
      new Option('--as <decision>', 'done: it happened; retry: do it again')
        .choices(['done', 'retry'])
        .makeOptionMandatory(),
    )
    .option('--output <json>', 'what it made, where it happened')
    .action(resolve);
  run
    .command('retry')
    .description('make the next attempt of waiting steps now')
    .argument('<id>')
    .option('--node <node>', 'only of this step')
    .option('--key <path>', 'only at this loop path')
    .action(retry);
}

function withInput(command: Command): Command {
  return command
    .option('--input <json>', 'the body of the event, or the settings of the step')
    .option('--input-file <file>', 'read it from this file; - reads the standard input');
}

interface ReplayOptions extends InputOptions {
  readonly from?: string;
  readonly version: string;
  readonly dryRun?: boolean;
}

async function replay(id: string, options: ReplayOptions, command: Command): Promise<void> {
  const version = /^\d+$/.test(options.version) ? Number(options.version) : options.version;
  const body = { from: options.from, input: await readInput(options), version };
  await send(command, { path: pathOf(id, 'replay'), body, isDryRun: options.dryRun === true }, (made) => [
    `Run ${id} is replayed as ${made.id}.`,
  ]);
}

interface ResumeOptions extends InputOptions {
  readonly node?: string;
  readonly dryRun?: boolean;
}

async function resume(id: string, options: ResumeOptions, command: Command): Promise<void> {
  const body = { nodeId: options.node, input: await readInput(options) };
  await send(command, { path: pathOf(id, 'resume'), body, isDryRun: options.dryRun === true }, () => [
    `Run ${id} goes on.`,
  ]);
}

interface ResolveOptions {
  readonly node: string;
  readonly key?: string;
  readonly as: string;
  readonly output?: string;
}

async function resolve(id: string, options: ResolveOptions, command: Command): Promise<void> {
  const output =
    options.output === undefined ? undefined : parseJsonText(options.output, 'The value of --output');
  const body = { nodeId: options.node, key: options.key, as: options.as, output };
  await send(command, { path: pathOf(id, 'resolve'), body }, () => [`The step ${options.node} is settled.`]);
}

interface RetryOptions {
  readonly node?: string;
  readonly key?: string;
}

async function retry(id: string, { node, key }: RetryOptions, command: Command): Promise<void> {
  await send(command, { path: pathOf(id, 'retry'), body: { nodeId: node, key } }, () => [
    `The next attempt is made now.`,
  ]);
}

function pathOf(id: string, action: string): string {
  return `/runs/${encodeURIComponent(id)}/${action}`;
}

async function send(
  command: Command,
  call: { readonly path: string; readonly body: object; readonly isDryRun?: boolean },
  linesOf: (run: Run) => readonly string[],
): Promise<void> {
  const { path, body, isDryRun = false } = call;
  if (isDryRun) {
    const plan = await callApi(path, replayPlanSchema, { method: 'POST', body: { ...body, dryRun: true } });
    return isJson(command) ? printJson(plan.body) : printPlan(plan.body);
  }
  const run = await callApi(path, runSchema, { method: 'POST', body });
  if (isJson(command)) printJson(run.body);
  else printLines(linesOf(run.body));
}

function printPlan({ reused, executed, possible, effects, warnings, version }: ReplayPlan): void {
  const names = (steps: ReplayPlan['reused']) => steps.map(({ nodeId }) => nodeId).join(', ') || '-';
  printLines([
    `Version  ${version === null ? 'draft' : version}`,
    `Kept     ${names(reused)}`,
    `Runs     ${names(executed)}`,
    `May run  ${names(possible)}`,
  ]);
  if (effects.length > 0) {
    const rows = effects.map((effect) => [
      effect.nodeId,
      effect.summary,
      effect.certain ? 'yes' : 'perhaps',
      effect.repeats ? 'yes' : 'no',
      effect.sameKey ? 'the same' : 'new',
    ]);
    printLines(['']);
    printTable(['CALL', 'WHAT', 'RUNS', 'DONE BEFORE', 'KEY'], rows, '');
  }
  if (warnings.length > 0) printLines(['', ...warnings]);
}
