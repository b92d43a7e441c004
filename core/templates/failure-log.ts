import { drawFlow, expr, tpl } from './draw-flow.ts';
import type { Template } from './template.ts';

export const failureLog: Template = {
  summary:
    'Starts a second flow for each run that fails, so that the people on call hear of it in one place.',
  tags: ['reliability'],
  flow: drawFlow({
    slug: 'import-with-alarm',
    name: 'Import with an alarm',
    description:
      'Its failed runs start “Record a failure”. Many flows can name the same one in their settings.',
    settings: { onFailure: 'record-a-failure' },
    nodes: [
      { id: 'start', type: 'core.manual', label: 'A file to import' },
      {
        id: 'empty',
        type: 'core.if',
        label: 'Is it empty?',
        config: { condition: expr('$count(trigger.body.rows) = 0') },
      },
      {
        id: 'fail',
        type: 'core.stop',
        label: 'Nothing to import',
        config: { status: 'failed', message: tpl('{{ trigger.body.file }} has no rows.') },
      },
      {
        id: 'imported',
        type: 'core.map',
        label: 'Import',
        config: { output: { imported: expr('$count(trigger.body.rows)') } },
      },
    ],
    ways: ['start > empty', 'empty.true > fail', 'empty.false > imported'],
  }),
  helpers: [
    drawFlow({
      slug: 'record-a-failure',
      name: 'Record a failure',
      description: 'Gets the summary of each failed run. Put a mail or a chat message behind it.',
      nodes: [
        { id: 'start', type: 'core.manual', label: 'A run failed' },
        {
          id: 'line',
          type: 'core.map',
          label: 'Write the line',
          config: {
            output: {
              text: tpl('{{ trigger.body.run.flow }} failed: {{ trigger.body.error.message }}'),
              url: expr('trigger.body.run.url'),
            },
          },
        },
      ],
      ways: ['start > line'],
    }),
  ],
  trial: {
    input: { file: 'prices.csv', rows: [] },
    ends: 'failed',
    shows: 'The file is empty, so the run fails, and a run of “Record a failure” appears beside it.',
  },
};
