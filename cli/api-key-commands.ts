import type { Command } from 'commander';

import { apiKeyListSchema, createdApiKeySchema, type ApiKey } from '#core/api/workspace.ts';
import { callApi } from './call-api.ts';
import { isJson } from './is-json.ts';
import { printJson, printLines, printTable } from './output.ts';
import { readPages } from './read-pages.ts';

/** `patchbay apikey …` */
export function addApiKeyCommands(program: Command): void {
  const apikey = program.command('apikey').description('create and list API keys');
  apikey
    .command('create')
    .description('create an API key and print it, this once')
    .argument('<name>')
    .option('--role <role>', 'admin, editor, operator or viewer; at most your own', 'editor')
    .option('--expires <time>', 'when it stops working (ISO 8601)')
    .action(createKey);
  apikey.command('list').description('the API keys of the workspace').action(listKeys);
}

async function createKey(
  name: string,
  { role, expires }: { role: string; expires?: string },
  command: Command,
): Promise<void> {
  const body = { name, role, expiresAt: expires };
  const reply = await callApi('/api-keys', createdApiKeySchema, { method: 'POST', body });
  if (isJson(command)) printJson(reply.body);
  else printLines([reply.body.key]);
}

async function listKeys(_: object, command: Command): Promise<void> {
  const page = await readPages<ApiKey>('/api-keys', apiKeyListSchema);
  if (isJson(command)) return printJson(page);
  const rows = page.data.map((key) => [
    key.prefix,
    key.name,
    key.role,
    key.createdAt,
    key.lastUsedAt ?? 'never',
    key.expiresAt ?? 'never',
  ]);
  printTable(['PREFIX', 'NAME', 'ROLE', 'CREATED', 'LAST USED', 'EXPIRES'], rows, 'No API keys.');
}
