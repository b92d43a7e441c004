import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { format, resolveConfig } from 'prettier';

const HERE = import.meta.dirname;

/**
 * Drives vendors' SDKs, each with what our cases give our connectors, at a server that writes down what arrives; the recordings
 * then judge our own requests. Run with the folder into which the SDKs were installed:
 *
 *   npm install --prefix <folder> @notionhq/client@5.26.0 @hubspot/api-client@13.5.0 jsforce@3.10.16 jira.js@6.2.0
 *   node test/connectors/judge/record-sdk.mjs <folder>
 */
const TWINS = {
  notion: {
    package: '@notionhq/client',
    headers: ['notion-version'],
    calls: ({ Client }, base) => {
      const notion = new Client({ auth: 'an-access-token', baseUrl: base });
      const page_id = '59833787-2cf9-4fdf-8782-e53db20768a5';
      const data_source_id = '1a44be12-0953-4631-b498-9e5817518db8';
      const title = { title: [{ text: { content: 'Ada' } }] };
      const properties = { title, Status: { select: { name: 'New' } } };
      const paragraph = (content) => ({
        object: 'block',
        type: 'paragraph',
        paragraph: { rich_text: [{ type: 'text', text: { content } }] },
      });
      const children = [paragraph('One'), paragraph('Two')];
      const search = (value) => ({ query: 'ada', page_size: 100, filter: { property: 'object', value } });
      return {
        'operations/create_page': () =>
          notion.pages.create({ parent: { data_source_id }, properties, children }),
        'operations/create_subpage': () =>
          notion.pages.create({ parent: { page_id }, properties: { title }, children: [paragraph('One')] }),
        'operations/update_page': () => notion.pages.update({ page_id, properties, in_trash: false }),
        'operations/get_page': () => notion.pages.retrieve({ page_id }),
        'operations/query_data_source': () =>
          notion.dataSources.query({
            data_source_id,
            filter: { property: 'Status', select: { equals: 'New' } },
            sorts: [{ timestamp: 'last_edited_time', direction: 'descending' }],
            page_size: 5,
          }),
        'operations/append_text': () => notion.blocks.children.append({ block_id: page_id, children }),
        'operations/add_comment': () =>
          notion.comments.create({ parent: { page_id }, rich_text: [{ text: { content: 'Looks good' } }] }),
        'operations/search': () => notion.search({ ...search('page'), page_size: 5 }),
        'lists/pages': () => notion.search(search('page')),
        'lists/dataSources': () => notion.search(search('data_source')),
        account: () => notion.users.me({}),
      };
    },
  },
  hubspot: {
    package: '@hubspot/api-client',
    headers: [],
    calls: ({ Client }, base) => {
      const { crm } = new Client({ accessToken: 'an-access-token', basePath: base });
      const contact = {
        email: 'ada@example.com',
        firstname: 'Ada',
        lastname: 'Lovelace',
        phone: '+49 30 1',
        hubspot_owner_id: '41629779',
        lifecyclestage: 'lead',
      };
      const deal = {
        dealname: 'Two engines',
        dealstage: 'contractsent',
        pipeline: 'default',
        amount: '18500.5',
        closedate: '2026-03-31',
        hubspot_owner_id: '41629779',
        dealtype: 'newbusiness',
      };
      const with151 = (associationTypeId) => [
        { to: { id: '151' }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId }] },
      ];
      return {
        'operations/create_contact': () => crm.contacts.basicApi.create({ properties: contact }),
        'operations/update_contact': () => crm.contacts.basicApi.update('151', { properties: contact }),
        'operations/search_contacts': () =>
          crm.contacts.searchApi.doSearch({
            query: 'ada',
            filterGroups: [
              { filters: [{ propertyName: 'email', operator: 'EQ', value: 'ada@example.com' }] },
            ],
            properties: ['email', 'firstname'],
            limit: 5,
          }),
        'operations/create_company': () =>
          crm.companies.basicApi.create({
            properties: {
              name: 'Engines',
              domain: 'example.com',
              hubspot_owner_id: '41629779',
              city: 'Berlin',
            },
          }),
        'operations/create_deal': () =>
          crm.deals.basicApi.create({ properties: deal, associations: with151(3) }),
        'operations/update_deal': () => crm.deals.basicApi.update('9021', { properties: deal }),
        'operations/add_note': () =>
          crm.objects.notes.basicApi.create({
            properties: {
              hs_note_body: 'Called',
              hs_timestamp: '2026-01-15T09:30:00Z',
              hubspot_owner_id: '41629779',
            },
            associations: with151(202),
          }),
        'lists/contacts': () =>
          crm.contacts.searchApi.doSearch({
            query: 'ada',
            properties: ['email', 'firstname', 'lastname'],
            limit: 100,
          }),
        'lists/owners': () => crm.owners.ownersApi.getPage(undefined, undefined, 100),
        'lists/pipelines': () => crm.pipelines.pipelinesApi.getAll('deals'),
        'lists/dealStages': () => crm.pipelines.pipelinesApi.getAll('deals'),
      };
    },
  },
  salesforce: {
    package: 'jsforce',
    about: 'on which Salesforce’s own command line is built',
    headers: [],
    calls: (jsforce, base) => {
      const { Connection } = jsforce.default ?? jsforce;
      const connection = new Connection({
        instanceUrl: base,
        accessToken: 'an-access-token',
        version: '62.0',
      });
      const contacts = connection.sobject('Contact');
      const fields = { LastName: 'Lovelace', Email: null, Level__c: 7 };
      const Id = '003RM0000068og4YAA';
      return {
        'operations/create_record': () => contacts.create(fields),
        'operations/upsert_record': () => contacts.upsert({ ...fields, Crm_Id__c: 'con 7/2' }, 'Crm_Id__c'),
        'operations/update_record': () => contacts.update({ ...fields, Id }),
        'operations/get_record': () => contacts.retrieve(Id),
        'operations/query': () => connection.query("SELECT Id FROM Contact WHERE Email = 'ada@example.com'"),
        'lists/objects': () => connection.describeGlobal(),
      };
    },
  },
  jira: {
    package: 'jira.js',
    about: 'which is not Atlassian’s own',
    headers: [],
    prefix: '/ex/jira/11223344-a1b2-3b33-c444-def123456789',
    file: 'jira.js/dist/cloud/index.js',
    calls: (jira, base) => {
      const client = jira.createCloudClient({
        host: base,
        auth: { type: 'bearer', token: 'an-access-token' },
      });
      return {
        'operations/search_issues': () =>
          client.issueSearch.searchAndReconsileIssuesUsingJql({
            jql: 'project = OPS',
            fields: ['summary', 'status'],
            maxResults: 5,
          }),
      };
    },
  },
};

const folder = process.argv[2];
if (folder === undefined) {
  console.error('Usage: node test/connectors/judge/record-sdk.mjs <folder with the SDKs installed>');
  process.exit(2);
}
const load = createRequire(join(resolve(folder), 'index.js'));
const options = await resolveConfig(join(HERE, 'judges.ts'));
for (const [id, twin] of Object.entries(TWINS)) {
  const text = await readFile(join(folder, 'node_modules', twin.package, 'package.json'), 'utf8');
  const { name, version, license } = JSON.parse(text);
  const recorded = await record(twin);
  const made = {
    source: {
      package: [`${name}@${version}`, ...(twin.about ? [twin.about] : [])].join(', '),
      licence: license,
    },
    requests: recorded,
  };
  const recording = await format(JSON.stringify(made), { ...options, parser: 'json' });
  await writeFile(join(HERE, 'recordings', `${id}.json`), recording);
  console.log(`${id}: ${Object.keys(recorded).length} requests of ${name}@${version}`);
}

async function record({ package: name, file, headers: names, prefix = '', calls }) {
  const arrived = [];
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      arrived.push({ request, body: Buffer.concat(chunks).toString() });
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end('{"results":[],"success":true,"id":"1"}');
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const sdk = await import(file === undefined ? load.resolve(name) : resolve(folder, 'node_modules', file));
  const requests = {};
  for (const [call, run] of Object.entries(calls(sdk, `http://127.0.0.1:${server.address().port}`))) {
    arrived.length = 0;
    // What an SDK makes of the empty reply is of no matter.
    await run().catch(() => undefined);
    const [first] = arrived;
    if (!first) throw new Error(`${name} sent nothing for ${call}`);
    const url = new URL(first.request.url, 'http://sdk');
    requests[call] = {
      method: first.request.method,
      path: prefix + url.pathname,
      query: [...url.searchParams].sort(),
      headers: Object.fromEntries(names.map((each) => [each, first.request.headers[each]])),
      body: first.body === '' ? null : JSON.parse(first.body),
    };
  }
  server.closeAllConnections();
  server.close();
  return requests;
}
