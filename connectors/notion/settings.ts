import { z } from 'zod';

export const pageId = z.string().min(1).meta({
  title: 'Page',
  help: 'Its id; the connection must have been given access to it.',
  placeholder: '59833787-2cf9-4fdf-8782-e53db20768a5',
  choices: 'pages',
});

export const dataSource = z.string().min(1).meta({
  title: 'Data source',
  help: 'The id of a table of a database; the connection must have been given access to it.',
  placeholder: '1a44be12-0953-4631-b498-9e5817518db8',
  choices: 'dataSources',
});

export const properties = z.record(z.string(), z.unknown()).optional().meta({
  title: 'Properties',
  help: 'By name, as Notion’s API takes them: { "Status": { "select": { "name": "New" } } }.',
  widget: 'value',
});

export const text = z.string().max(100_000).meta({
  title: 'Text',
  help: 'Plain text; each line becomes a paragraph, 100 at most.',
  widget: 'textarea',
});

export const page = z.looseObject({
  id: z.string(),
  url: z.string(),
  created_time: z.string(),
  last_edited_time: z.string(),
  in_trash: z.boolean().optional(),
  properties: z.record(z.string(), z.unknown()),
});

export const samplePage = {
  id: '59833787-2cf9-4fdf-8782-e53db20768a5',
  url: 'https://www.notion.so/Ada-598337872cf94fdf8782e53db20768a5',
  created_time: '2026-01-15T09:30:00.000Z',
  last_edited_time: '2026-01-15T09:30:00.000Z',
  in_trash: false,
  properties: {
    Name: { id: 'title', type: 'title', title: [{ plain_text: 'Ada Lovelace' }] },
    Status: { id: 'a%3Bc', type: 'select', select: { name: 'New' } },
  },
};
