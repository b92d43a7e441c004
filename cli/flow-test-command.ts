import type { Command } from 'commander';

import { flowTestRunSchema, type FlowTestResult, type FlowTestRun } from '#core/api/flow-tests.ts';
import { callApi } from './call-api.ts';
import { CliError } from './cli-error.ts';
import { isJson } from './is-json.ts';
import { printJson, printLines } from './output.ts';

/** `patchbay flow test <slug>` */
export function addFlowTestCommand(flow: Command): void {
  flow
    .command('test')
    .description("run a flow's tests; one that fails makes the command fail")
    .argument('<slug>')
    .option('--version <version>', 'draft, latest or a number', 'draft')
    .action(testFlow);
}

async function testFlow(slug: string, options: { version: string }, command: Command): Promise<void> {
  const version = /^\d+$/.test(options.version) ? Number(options.version) : options.version;
  const { body } = await callApi(`/flows/${encodeURIComponent(slug)}/tests/run`, flowTestRunSchema, {
    method: 'POST',
    body: { version },
  });
  if (isJson(command)) printJson(body);
  else printTests(slug, body);
  if (body.status !== 'done') throw new CliError('No worker has run the tests. See that one is there.');
  if (body.failed > 0) throw new CliError(`${counted(body.failed)} of ${slug} failed.`);
}

function printTests(slug: string, { version, results, coverage, passed, failed }: FlowTestRun): void {
  const subject = `${slug} (${version === null ? 'draft' : `version ${version}`})`;
  if (results.length === 0) return printLines([`${subject} has no tests.`]);
  printLines([subject, ...results.flatMap(linesOf)]);
  printLines([`${passed} passed, ${failed} failed`]);
  if (coverage)
    printLines([
      `Taken: ${coverage.takenEdges} of ${coverage.edges.length} edges, ${coverage.takenNodes} of ${Object.keys(coverage.nodes).length} nodes`,
      ...coverage.edges
        .filter(({ taken }) => taken === 0)
        .map(({ from, port, to }) => `  never: ${from}${port === 'out' ? '' : ` [${port}]`} > ${to}`),
    ]);
}

function linesOf({ name, passed, differences }: FlowTestResult): string[] {
  return [
    `  ${passed ? 'pass' : 'FAIL'}  ${name}`,
    ...differences.map(({ message }) => `        ${message}`),
  ];
}

function counted(count: number): string {
  return count === 1 ? 'One test' : `${count} tests`;
}
