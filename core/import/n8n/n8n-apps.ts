import { own } from '../own.ts';
import type { Json, JsonObject } from '../../json.ts';
import { at, objectsAt, textAt } from '../json-fields.ts';
import { given } from '../mapped.ts';
import { type ItemData, many, one, unknown } from './item-data.ts';
import { askConnection, askValue, becomes, leftOut, type N8nMapping, type N8nNode } from './n8n-node.ts';

/** A setting by a path; undefined where there is none. A resource that was chosen from a list counts by its id. */
function setting(node: N8nNode, place: string, ...path: readonly string[]): Json | undefined {
  const raw = at(node.parameters, ...path);
  const value = at(raw, '__rl') === true ? at(raw, 'value') : raw;
  return value === undefined || value === '' ? undefined : node.values.value(value, place);
}

/** Addresses in one text, as a list. */
function addresses(node: N8nNode, place: string, ...path: readonly string[]): Json | undefined {
  const value = setting(node, place, ...path);
  if (typeof value !== 'string') return value === undefined ? undefined : [value];
  return value
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter(Boolean);
}

function operationOf(node: N8nNode, resource: string, operation: string): string {
  return `${textAt(node.parameters, ['resource'], resource)}.${textAt(node.parameters, ['operation'], operation)}`;
}

interface Operation {
  readonly type: string;
  readonly config: (node: N8nNode) => Readonly<Record<string, Json | undefined>>;
  readonly data?: (node: N8nNode) => ItemData;
}

/** An app of n8n by its operations: those that we have, too. */
function app(
  name: string,
  [resource, operation]: readonly [string, string],
  operations: Readonly<Record<string, Operation>>,
): N8nMapping {
  return (node) => {
    const wanted = operationOf(node, resource, operation);
    const found = own(operations, wanted);
    if (found === undefined) {
      return leftOut(
        node,
        `${name} here has no operation “${wanted}”.`,
        `Choose a node of ${name} that comes close, or call its API with an HTTP request.`,
      );
    }
    askConnection(node, name);
    return becomes(
      node,
      found.type,
      given(found.config(node)),
      found.data?.(node) ?? one(`steps.${node.id}`),
    );
  };
}

const slack = app('Slack', ['message', 'post'], {
  'message.post': {
    type: 'slack.post_message',
    config: (node) => {
      if (textAt(node.parameters, ['select']) === 'user')
        askValue(node, 'Channel', 'In n8n this went to a person.', 'Use “Send direct message” instead.');
      if (textAt(node.parameters, ['messageType']) === 'block')
        askValue(
          node,
          'Blocks',
          'Blocks are not taken over.',
          'Paste them into the setting “Blocks”.',
          at(node.parameters, 'blocksUi'),
        );
      return {
        channel: setting(node, 'Channel', 'channelId') ?? setting(node, 'Channel', 'channel'),
        text: setting(node, 'Text', 'text') ?? '',
        thread: setting(node, 'Thread', 'otherOptions', 'thread_ts', 'replyValues', 'thread_ts'),
      };
    },
  },
  'message.update': {
    type: 'slack.update_message',
    config: (node) => ({
      channel: setting(node, 'Channel', 'channelId'),
      timestamp: setting(node, 'Message', 'ts'),
      text: setting(node, 'Text', 'text') ?? setting(node, 'Text', 'updateFields', 'text'),
    }),
  },
});

const gmail = app('Gmail', ['message', 'send'], {
  'message.send': {
    type: 'gmail.send_message',
    config: (node) => ({
      ...mail(node, 'sendTo', 'message'),
      cc: addresses(node, 'Cc', 'options', 'ccList'),
      bcc: addresses(node, 'Bcc', 'options', 'bccList'),
    }),
  },
  'message.reply': {
    type: 'gmail.reply_to_message',
    config: (node) => ({ messageId: setting(node, 'Message', 'messageId'), ...bodyOf(node, 'message') }),
  },
  'message.getAll': {
    type: 'gmail.search_messages',
    config: (node) => ({ query: setting(node, 'Query', 'filters', 'q'), limit: limitOf(node) }),
    data: ({ id }) => many(`steps.${id}`),
  },
  'message.get': {
    type: 'gmail.get_message',
    config: (node) => ({ messageId: setting(node, 'Message', 'messageId') }),
  },
});

function mail(node: N8nNode, to: string, body: string): Readonly<Record<string, Json | undefined>> {
  if (
    at(node.parameters, 'options', 'attachmentsUi') !== undefined ||
    at(node.parameters, 'options', 'attachments') !== undefined
  ) {
    askValue(node, 'Attachments', 'Files do not go from step to step here.', 'Send a link in their place.');
  }
  return {
    to: addresses(node, 'To', to),
    subject: setting(node, 'Subject', 'subject') ?? '',
    ...bodyOf(node, body),
  };
}

/** n8n sends one text, as HTML unless it is told otherwise. */
function bodyOf(node: N8nNode, body: string): Readonly<Record<string, Json | undefined>> {
  const text = setting(node, 'Text', body);
  const isHtml = textAt(node.parameters, ['emailType'], 'html') === 'html';
  if (!isHtml) return { text };
  const isPlain = typeof text === 'string' && !/<\w/.test(text);
  if (isPlain) return { text };
  askValue(
    node,
    'Text',
    'A mail here has a plain text beside the HTML.',
    'Write what mail programs without HTML show.',
  );
  return { text: '', html: text };
}

function limitOf(node: N8nNode): number {
  return at(node.parameters, 'returnAll') === true
    ? 10_000
    : Number(textAt(node.parameters, ['limit'], '50')) || 50;
}

const emailSend: N8nMapping = (node) => {
  askConnection(node, 'your mail server');
  const format = textAt(node.parameters, ['emailFormat'], node.version >= 2.1 ? 'html' : 'text');
  const from = textAt(node.parameters, ['fromEmail']);
  if (from !== '')
    node.hint({ kind: 'know', place: 'From', why: 'The sender is that of the connection.', original: from });
  if (
    at(node.parameters, 'options', 'attachments') !== undefined ||
    textAt(node.parameters, ['attachments']) !== ''
  ) {
    askValue(node, 'Attachments', 'Files do not go from step to step here.', 'Send a link in their place.');
  }
  return becomes(
    node,
    'smtp.send',
    given({
      to: addresses(node, 'To', 'toEmail'),
      cc: addresses(node, 'Cc', 'options', 'ccEmail') ?? addresses(node, 'Cc', 'ccEmail'),
      bcc: addresses(node, 'Bcc', 'options', 'bccEmail') ?? addresses(node, 'Bcc', 'bccEmail'),
      replyTo: setting(node, 'Reply to', 'options', 'replyTo'),
      subject: setting(node, 'Subject', 'subject') ?? '',
      text: format === 'html' ? undefined : setting(node, 'Text', 'text'),
      html: format === 'text' ? undefined : setting(node, 'HTML', 'html'),
    }),
  );
};

function sheet(node: N8nNode): Readonly<Record<string, Json | undefined>> {
  const raw = at(node.parameters, 'sheetName');
  const name = at(raw, 'cachedResultName');
  const written =
    at(raw, '__rl') === true ? (name ?? (at(raw, 'mode') === 'name' ? at(raw, 'value') : undefined)) : raw;
  if (written === undefined)
    askValue(
      node,
      'Sheet',
      'The export names the sheet by a number alone.',
      'Choose the sheet by its name.',
      at(raw, 'value'),
    );
  return {
    spreadsheet: setting(node, 'Spreadsheet', 'documentId') ?? setting(node, 'Spreadsheet', 'sheetId'),
    sheet: written === undefined ? undefined : node.values.value(written, 'Sheet'),
  };
}

function rowValues(node: N8nNode): Json | undefined {
  const mode = textAt(
    node.parameters,
    ['columns', 'mappingMode'],
    textAt(node.parameters, ['dataMode'], 'autoMapInputData'),
  );
  if (mode === 'defineBelow') {
    const values = at(node.parameters, 'columns', 'value');
    if (values !== undefined) return node.values.value(values, 'Values');
    const pairs = objectsAt(node.parameters, 'fieldsUi', 'fieldValues');
    return Object.fromEntries(
      pairs.map((pair) => [
        textAt(pair, ['fieldId'], textAt(pair, ['column'])),
        node.values.value(pair['fieldValue'], 'Values'),
      ]),
    );
  }
  return node.values.value('={{ $json }}', 'Values');
}

const sheets = app('Google Sheets', ['sheet', 'read'], {
  'sheet.append': {
    type: 'google_sheets.append_row',
    config: (node) => ({ ...sheet(node), values: rowValues(node) }),
    data: (node) => node.input(),
  },
  'sheet.read': {
    type: 'google_sheets.read_rows',
    config: (node) => {
      if (objectsAt(node.parameters, 'filtersUI', 'values').length > 0)
        askValue(
          node,
          'Filters',
          'All rows are read.',
          'Put a filter after it, or use “Find row”.',
          at(node.parameters, 'filtersUI', 'values'),
        );
      return sheet(node);
    },
    data: ({ id }) => many(`[steps.${id}.values]`),
  },
  'sheet.update': {
    type: 'google_sheets.update_row',
    config: (node) => {
      askValue(
        node,
        'Row',
        'n8n finds the row by a column; here it has a number.',
        'Put “Find row” before it and use the number that it gives.',
        at(node.parameters, 'columns', 'matchingColumns'),
      );
      return { ...sheet(node), values: rowValues(node) };
    },
  },
});

function repository(node: N8nNode): Json | undefined {
  const owner = at(node.parameters, 'owner', 'value') ?? at(node.parameters, 'owner');
  const name = at(node.parameters, 'repository', 'value') ?? at(node.parameters, 'repository');
  if (typeof owner !== 'string' || typeof name !== 'string') return undefined;
  if (!owner.startsWith('=') && !name.startsWith('=')) return `${owner}/${name}`;
  const plain = (text: string) => text.replace(/^=/, '');
  return node.values.value(`=${plain(owner)}/${plain(name)}`, 'Repository');
}

function names(node: N8nNode, place: string, key: string, field: string): Json | undefined {
  const list = objectsAt(node.parameters, key).map((entry) => node.values.value(entry[field], place));
  return list.length === 0 ? undefined : list;
}

const github = app('GitHub', ['issue', 'create'], {
  'issue.create': {
    type: 'github.create_issue',
    config: (node) => ({
      repository: repository(node),
      title: setting(node, 'Title', 'title'),
      body: setting(node, 'Text', 'body'),
      labels: names(node, 'Labels', 'labels', 'label'),
      assignees: names(node, 'Assignees', 'assignees', 'assignee'),
    }),
  },
  'issue.createComment': {
    type: 'github.create_comment',
    config: (node) => ({
      repository: repository(node),
      issueNumber: setting(node, 'Issue number', 'issueNumber'),
      body: setting(node, 'Text', 'body'),
    }),
  },
  'issue.edit': {
    type: 'github.update_issue',
    config: (node) => ({
      repository: repository(node),
      issueNumber: setting(node, 'Issue number', 'issueNumber'),
      title: setting(node, 'Title', 'editFields', 'title'),
      body: setting(node, 'Text', 'editFields', 'body'),
      state: setting(node, 'State', 'editFields', 'state'),
    }),
  },
  'release.create': {
    type: 'github.create_release',
    config: (node) => ({
      repository: repository(node),
      tag: setting(node, 'Tag', 'releaseTag'),
      name: setting(node, 'Name', 'additionalFields', 'name'),
      body: setting(node, 'Text', 'additionalFields', 'body'),
    }),
  },
});

function askProperties(node: N8nNode, key: string): void {
  const properties = at(node.parameters, key, 'propertyValues');
  if (properties !== undefined)
    askValue(
      node,
      'Properties',
      'Properties have another form here: that of Notion’s API.',
      'Write them into the setting “Properties”.',
      properties,
    );
}

const notion = app('Notion', ['block', 'append'], {
  'databasePage.create': {
    type: 'notion.create_page',
    config: (node) => {
      askProperties(node, 'propertiesUi');
      askValue(
        node,
        'Data source',
        'n8n names the database; here it is the table in it.',
        'Choose the table.',
        at(node.parameters, 'databaseId', 'cachedResultName') ?? at(node.parameters, 'databaseId', 'value'),
      );
      return { title: setting(node, 'Title', 'title') };
    },
  },
  'databasePage.update': {
    type: 'notion.update_page',
    config: (node) => {
      askProperties(node, 'propertiesUi');
      return { pageId: setting(node, 'Page', 'pageId') };
    },
  },
  'databasePage.getAll': {
    type: 'notion.query_data_source',
    config: (node) => {
      askValue(
        node,
        'Data source',
        'n8n names the database; here it is the table in it.',
        'Choose the table.',
        at(node.parameters, 'databaseId', 'cachedResultName'),
      );
      return { limit: limitOf(node) };
    },
    data: () => unknown('Notion’s pages have another form in n8n'),
  },
});

const hubspot = app('HubSpot', ['contact', 'upsert'], {
  'contact.upsert': {
    type: 'hubspot.create_contact',
    config: (node) => {
      node.hint({
        kind: 'do',
        place: 'Operation',
        why: 'n8n updates a contact that is there already; this node fails then.',
        remedy: 'Put “Search contacts” before it, and “Update contact” on the other way.',
      });
      return contact(node, 'additionalFields');
    },
  },
  'contact.create': { type: 'hubspot.create_contact', config: (node) => contact(node, 'additionalFields') },
  'deal.create': {
    type: 'hubspot.create_deal',
    config: (node) => ({
      name: setting(node, 'Name', 'additionalFields', 'dealName'),
      stage: setting(node, 'Stage', 'stage'),
      amount: setting(node, 'Amount', 'additionalFields', 'amount'),
    }),
  },
  'company.create': {
    type: 'hubspot.create_company',
    config: (node) => ({ name: setting(node, 'Name', 'name') }),
  },
});

function contact(node: N8nNode, fields: string): Readonly<Record<string, Json | undefined>> {
  return {
    email: setting(node, 'Email', 'email'),
    firstName: setting(node, 'First name', fields, 'firstName'),
    lastName: setting(node, 'Last name', fields, 'lastName'),
    phone: setting(node, 'Phone', fields, 'phoneNumber'),
  };
}

const stripe = app('Stripe', ['balance', 'get'], {
  'customer.create': {
    type: 'stripe.create_customer',
    config: (node) => ({
      name: setting(node, 'Name', 'name'),
      email: setting(node, 'Email', 'additionalFields', 'email'),
      phone: setting(node, 'Phone', 'additionalFields', 'phone'),
      description: setting(node, 'Description', 'additionalFields', 'description'),
    }),
  },
  'customer.update': {
    type: 'stripe.update_customer',
    config: (node) => ({
      customer: setting(node, 'Customer', 'customerId'),
      name: setting(node, 'Name', 'updateFields', 'name'),
      email: setting(node, 'Email', 'updateFields', 'email'),
    }),
  },
});

const postgres: N8nMapping = (node) => {
  const operation = textAt(node.parameters, ['operation'], 'insert');
  const rows = many(`steps.${node.id}.rows`);
  const table = setting(node, 'Table', 'table');
  const schema = setting(node, 'Schema', 'schema');
  const config: JsonObject | undefined =
    operation === 'executeQuery'
      ? query(node)
      : operation === 'insert' || operation === 'upsert'
        ? given({
            schema,
            table,
            rows: [rowValues(node) ?? {}],
            ...(operation === 'upsert' && {
              conflict: at(node.parameters, 'columns', 'matchingColumns') ?? [],
            }),
          })
        : operation === 'select'
          ? select(node)
          : undefined;
  if (config === undefined)
    return leftOut(node, `“${operation}” has no node here.`, 'Use “Query” of Postgres with the statement.');
  askConnection(node, 'Postgres');
  return becomes(
    node,
    operation === 'insert' || operation === 'upsert' ? `postgres.${operation}` : 'postgres.query',
    config,
    rows,
  );
};

function query(node: N8nNode): JsonObject {
  const sql = textAt(node.parameters, ['query']);
  const isReadOnly = /^\s*(?:select|with)\b/i.test(sql) && !/\b(?:insert|update|delete|merge)\b/i.test(sql);
  const written = at(node.parameters, 'options', 'queryReplacement');
  const values =
    written === undefined
      ? undefined
      : typeof written === 'string' && !written.startsWith('=[') && !/^=\{\{\s*\[/.test(written)
        ? splitValues(written).map((part, at) => node.values.value(part, `Values ${at + 1}`))
        : node.values.value(written, 'Values');
  if (sql.includes('{{')) {
    askValue(
      node,
      'SQL',
      'The statement takes no expressions: what comes from outside goes into the values.',
      'Write $1, $2 … in its place, and the expressions into “Values”.',
      sql,
    );
    return { isReadOnly, sql: '' };
  }
  return given({ sql: sql.replace(/^=/, ''), values, isReadOnly });
}

function splitValues(written: string): readonly string[] {
  const isExpression = written.startsWith('=');
  return written
    .replace(/^=/, '')
    .split(/,(?![^{]*\}\})/)
    .map((part) => (isExpression ? `=${part.trim()}` : part.trim()));
}

/** n8n builds the statement of a select itself; conditions are to be written by hand. */
function select(node: N8nNode): JsonObject {
  const table = textAt(node.parameters, ['table', 'value'], textAt(node.parameters, ['table']));
  const schema = textAt(node.parameters, ['schema', 'value'], 'public');
  const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
  const where = objectsAt(node.parameters, 'where', 'values');
  if (where.length > 0)
    askValue(node, 'SQL', 'Conditions are not taken over.', 'Add a WHERE with $1, $2 …, and the values.', [
      ...where,
    ]);
  return {
    sql: `SELECT * FROM ${quoted(schema)}.${quoted(table)}${at(node.parameters, 'returnAll') === true ? '' : ` LIMIT ${Number(textAt(node.parameters, ['limit'], '50')) || 50}`}`,
    isReadOnly: true,
  };
}

export const N8N_APPS: Readonly<Record<string, N8nMapping>> = {
  slack,
  gmail,
  emailSend,
  googleSheets: sheets,
  github,
  notion,
  hubspot,
  stripe,
  postgres,
};
