import type { Json } from '../../json.ts';
import { at, objectsAt, textAt } from '../json-fields.ts';
import { many, unknown } from './item-data.ts';
import { app, limitOf, rowValues, setting } from './n8n-app-kit.ts';
import { emailSend, gmail } from './n8n-mail.ts';
import { askValue, type N8nMapping, type N8nNode } from './n8n-node.ts';
import { postgres } from './n8n-postgres.ts';

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
