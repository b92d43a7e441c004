import type { JudgeCases } from './case.ts';

const pageId = '59833787-2cf9-4fdf-8782-e53db20768a5';
const dataSource = '1a44be12-0953-4631-b498-9e5817518db8';
const properties = { Status: { select: { name: 'New' } } };

export const notionCases: JudgeCases = {
  operations: {
    create_page: [{ dataSource, title: 'Ada', properties, text: 'One\nTwo' }],
    create_subpage: [{ pageId, title: 'Ada', text: 'One' }],
    update_page: [{ pageId, title: 'Ada', properties, inTrash: false }],
    get_page: [{ pageId }],
    query_data_source: [
      {
        dataSource,
        filter: { property: 'Status', select: { equals: 'New' } },
        sorts: [{ timestamp: 'last_edited_time', direction: 'descending' }],
        limit: 5,
      },
    ],
    append_text: [{ pageId, text: 'One\nTwo' }],
    add_comment: [{ pageId, text: 'Looks good' }],
    search: [{ query: 'ada', limit: 5 }],
  },
  lists: { pages: { search: 'ada' }, dataSources: { search: 'ada' } },
};
