import { InvalidArgumentError, type Command } from 'commander';

import { connectionListSchema, connectionSchema, type Connection } from '#core/api/connections.ts';
import { isJsonObject } from '#core/json.ts';
import { callApi } from './call-api.ts';
import { CliError } from './cli-error.ts';
import { isJson } from './is-json.ts';
import { printJson, printLines, printTable } from './output.ts';
import { readJsonFile } from './read-input.ts';
import { readPages } from './read-pages.ts';

/** `patchbay connection …` */
export function addConnectionCommands(program: Command): void {
  const connection = program.command('connection').description('list and create connections');
  connection
    .command('list')
    .description('the connections of the workspace, and how they are: ok, pending or reconnect')
    .action(listConnections);
  connection
    .command('create')
    .description('create a connection; its fields are write-only')
    .argument('<slug>')
    .requiredOption('--connector <id>', 'for example signing_secret')
    .option('--name <name>', 'a name for people')
    .option(
      '--field <name=value>',
      'a field; may be repeated. Other users of this machine can see it while it runs',
      addField,
      {},
    )
    .option('--fields <file>', 'read the fields from a JSON object in this file; - reads the standard input')
    .action(createConnection);
}

async function listConnections(_: object, command: Command): Promise<void> {
  const page = await readPages<Connection>('/connections', connectionListSchema);
  if (isJson(command)) return printJson(page);
  const rows = page.data.map(({ slug, name, connector, status, account, fields, usedBy }) => [
    slug,
    name,
    connector,
    status,
    account ?? '-',
    fields.join(', ') || '-',
    usedBy.join(', ') || '-',
  ]);
  const head = ['SLUG', 'NAME', 'CONNECTOR', 'STATUS', 'ACCOUNT', 'FIELDS', 'USED BY'];
  printTable(head, rows, 'No connections.');
}

type Fields = Readonly<Record<string, string>>;

interface CreateOptions {
  readonly connector: string;
  readonly name?: string;
  readonly field: Fields;
  readonly fields?: string;
}

async function createConnection(slug: string, options: CreateOptions, command: Command): Promise<void> {
  const { connector, name, field, fields } = options;
  const fromFile = fields === undefined ? {} : await readFields(fields);
  const body = { slug, connector, name, fields: { ...fromFile, ...field } };
  const reply = await callApi('/connections', connectionSchema, { method: 'POST', body });
  if (isJson(command)) printJson(reply.body);
  else printLines([`Created the connection ${reply.body.slug}.`]);
}

async function readFields(file: string): Promise<Fields> {
  const fields = await readJsonFile(file);
  const isText = isJsonObject(fields) && Object.values(fields).every((value) => typeof value === 'string');
  if (!isText) throw new CliError(`${file} is not a JSON object whose values are texts.`);
  return fields as Fields;
}

function addField(text: string, fields: Fields): Fields {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write it as name=value.');
  return { ...fields, [text.slice(0, at)]: text.slice(at + 1) };
}
