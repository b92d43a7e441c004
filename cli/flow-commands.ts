import { writeFile } from 'node:fs/promises';

import type { Command } from 'commander';

import { flowListSchema, publishReplySchema, type FlowSummary } from '#core/api/flows.ts';
import { flowDocumentSchema } from '#core/flow-document.ts';
import { isJsonObject } from '#core/json.ts';
import { callApi } from './call-api.ts';
import { CliError } from './cli-error.ts';
import { addFlowTestCommand } from './flow-test-command.ts';
import { isJson } from './is-json.ts';
import { printJson, printLines, printTable } from './output.ts';
import { readJsonFile } from './read-input.ts';
import { readPages } from './read-pages.ts';

/** `patchbay flow …` */
export function addFlowCommands(program: Command): void {
  const flow = program.command('flow').description('list, export, import, publish and test flows');
  flow
    .command('list')
    .description('the flows of the workspace')
    .option('--q <text>', 'only those with this text in slug, name or description')
    .action(listFlows);
  flow
    .command('export')
    .description("write a flow's draft as JSON")
    .argument('<slug>')
    .option('--out <file>', 'write to this file instead of the standard output')
    .action(exportFlow);
  flow
    .command('import')
    .description('create flows, or replace their drafts, from JSON documents')
    .argument('<file...>', 'files; - reads the standard input')
    .action(importFlows);
  flow
    .command('publish')
    .description("make a flow's draft the version that runs")
    .argument('<slug>')
    .option('--note <text>', 'why, for the list of versions')
    .action(publishFlow);
  addFlowTestCommand(flow);
}

async function listFlows({ q }: { q?: string }, command: Command): Promise<void> {
  // By slug: a flow that is edited meanwhile is neither missed nor listed twice.
  const page = await readPages<FlowSummary>('/flows', flowListSchema, { query: { q, sort: 'slug' } });
  if (isJson(command)) return printJson(page);
  const rows = page.data.map((flow) => [
    flow.slug,
    flow.name,
    flow.publishedVersion === null
      ? 'draft only'
      : `v${flow.publishedVersion}${flow.draftChanged ? ', draft changed' : ''}`,
    flow.trigger ?? '-',
    `${flow.runs24h.total} (${flow.runs24h.failed} failed)`,
  ]);
  printTable(['SLUG', 'NAME', 'VERSION', 'TRIGGER', 'RUNS 24 H'], rows, 'No flows.');
}

async function exportFlow(slug: string, { out }: { out?: string }, command: Command): Promise<void> {
  const { body } = await callApi(`/flows/${encodeURIComponent(slug)}`, flowDocumentSchema);
  if (out === undefined) return printJson(body);
  await writeFile(out, `${JSON.stringify(body, null, 2)}\n`).catch((error: Error) => {
    throw new CliError(`Cannot write ${out}: ${error.message}.`);
  });
  if (isJson(command)) printJson({ slug: body.slug, file: out });
  else printLines([`Wrote ${body.slug} to ${out}.`]);
}

interface Imported {
  readonly file: string;
  readonly slug: string;
  readonly created: boolean;
}

/** A file that is refused does not keep the others from being imported. */
async function importFlows(files: readonly string[], _: object, command: Command): Promise<void> {
  const imported: Imported[] = [];
  const faults: string[] = [];
  for (const file of files) {
    try {
      imported.push(await importFlow(file));
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      faults.push(files.length > 1 ? `${file}: ${error.message}` : error.message);
    }
  }
  if (isJson(command)) printJson(imported);
  else
    printLines(
      imported.map(({ slug, created }) => `${created ? 'Created' : 'Replaced the draft of'} ${slug}.`),
    );
  if (faults.length > 0) throw new CliError(faults.join('\n'));
}

async function importFlow(file: string): Promise<Imported> {
  const document = await readJsonFile(file);
  const slug = isJsonObject(document) ? document['slug'] : undefined;
  if (typeof slug !== 'string' || slug === '')
    throw new CliError(`${file} is not a flow document: it has no "slug".`);
  const { status } = await callApi(`/flows/${encodeURIComponent(slug)}`, flowDocumentSchema, {
    method: 'PUT',
    body: document,
  });
  return { file, slug, created: status === 201 };
}

async function publishFlow(slug: string, { note }: { note?: string }, command: Command): Promise<void> {
  const path = `/flows/${encodeURIComponent(slug)}/publish`;
  const { body } = await callApi(path, publishReplySchema, { method: 'POST', body: { note } });
  if (isJson(command)) return printJson(body);
  printLines([
    `${slug} runs version ${body.version}.`,
    ...(body.hookUrl === null ? [] : [`Hook: ${body.hookUrl}`]),
  ]);
}
