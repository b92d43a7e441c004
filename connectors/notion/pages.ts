import { z } from 'zod';

import { setting, when } from '#connectors/kit/http-call.ts';
import { type HttpOperation, limitSetting } from '#connectors/kit/http-operations.ts';
import { notionPages } from './paging.ts';
import { dataSource, page, pageId, properties, samplePage, text } from './settings.ts';

/** The property that holds the title goes by the id `title`, whatever it is called. */
const titled = {
  title: when('title', { title: [{ text: { content: setting('title') } }] }),
  '...': setting('properties'),
};
const title = z.string().max(2_000).meta({ title: 'Title', placeholder: 'Ada Lovelace' });

export const pageOperations: readonly HttpOperation[] = [
  {
    id: 'create_page',
    label: 'Create page',
    summary: 'Adds a page to a table of Notion.',
    effect: 'once',
    input: z.strictObject({ dataSource, title: title.optional(), properties, text: text.optional() }),
    output: page,
    sample: samplePage,
    call: {
      method: 'POST',
      path: '/v1/pages',
      body: {
        parent: { data_source_id: setting('dataSource') },
        properties: titled,
        children: setting('text', 'paragraphs'),
      },
    },
  },
  {
    id: 'create_subpage',
    label: 'Create page in page',
    summary: 'Adds a page under another page of Notion.',
    effect: 'once',
    input: z.strictObject({ pageId, title: title, text: text.optional() }),
    output: page,
    sample: samplePage,
    call: {
      method: 'POST',
      path: '/v1/pages',
      body: {
        parent: { page_id: setting('pageId') },
        properties: { title: { title: [{ text: { content: setting('title') } }] } },
        children: setting('text', 'paragraphs'),
      },
    },
  },
  {
    id: 'update_page',
    label: 'Update page',
    summary: 'Changes those properties of a page of Notion that are named, or puts it in the trash.',
    effect: 'keyed',
    input: z.strictObject({
      pageId,
      title: title.optional(),
      properties,
      inTrash: z.boolean().optional().meta({ title: 'In the trash' }),
    }),
    output: page,
    sample: { ...samplePage, last_edited_time: '2026-01-15T09:31:00.000Z' },
    call: {
      method: 'PATCH',
      path: '/v1/pages/{pageId}',
      body: { properties: titled, in_trash: setting('inTrash') },
    },
  },
  {
    id: 'get_page',
    label: 'Get page',
    summary: 'Reads the properties of a page of Notion.',
    effect: 'read',
    input: z.strictObject({ pageId }),
    output: page,
    sample: samplePage,
    call: { method: 'GET', path: '/v1/pages/{pageId}' },
  },
  {
    id: 'query_data_source',
    label: 'Query table',
    summary: 'Reads pages of a table of Notion, filtered and sorted.',
    effect: 'read',
    input: z.strictObject({
      dataSource,
      filter: z.record(z.string(), z.unknown()).optional().meta({
        title: 'Filter',
        help: 'As Notion’s API takes it: { "property": "Status", "select": { "equals": "New" } }.',
        widget: 'value',
      }),
      sorts: z.array(z.record(z.string(), z.unknown())).optional().meta({
        title: 'Sorted by',
        help: 'A list: [{ "timestamp": "last_edited_time", "direction": "descending" }].',
        widget: 'value',
      }),
      limit: limitSetting(100),
    }),
    output: z.array(page),
    sample: [samplePage],
    call: {
      ...notionPages('/v1/data_sources/{dataSource}/query'),
      body: { filter: setting('filter'), sorts: setting('sorts') },
    },
  },
  {
    id: 'append_text',
    label: 'Append text',
    summary: 'Adds paragraphs at the end of a page of Notion.',
    effect: 'once',
    input: z.strictObject({ pageId, text: text.min(1) }),
    output: z.looseObject({ results: z.array(z.looseObject({ id: z.string(), type: z.string() })) }),
    sample: { results: [{ id: 'c02fc1d3-db8b-45c5-a222-27595b15aea7', type: 'paragraph' }] },
    call: {
      method: 'PATCH',
      path: '/v1/blocks/{pageId}/children',
      body: { children: setting('text', 'paragraphs') },
    },
  },
  {
    id: 'add_comment',
    label: 'Comment on page',
    summary: 'Adds a comment to a page of Notion.',
    effect: 'once',
    input: z.strictObject({
      pageId,
      text: z.string().min(1).max(2_000).meta({ title: 'Text', help: 'Plain text.', widget: 'textarea' }),
    }),
    output: z.looseObject({ id: z.string(), created_time: z.string() }),
    sample: { id: '94cc56ab-9f02-409d-9f99-1037e9fe502f', created_time: '2026-01-15T09:32:00.000Z' },
    call: {
      method: 'POST',
      path: '/v1/comments',
      body: { parent: { page_id: setting('pageId') }, rich_text: [{ text: { content: setting('text') } }] },
    },
  },
  {
    id: 'search',
    label: 'Search pages',
    summary: 'Finds pages of Notion by their titles, among those that the connection has access to.',
    effect: 'read',
    input: z.strictObject({
      query: z.string().max(500).optional().meta({ title: 'Words', help: 'Of the title. Left empty: all.' }),
      limit: limitSetting(100),
    }),
    output: z.array(page),
    sample: [samplePage],
    call: {
      ...notionPages('/v1/search'),
      body: { query: setting('query'), filter: { property: 'object', value: 'page' } },
    },
  },
];
