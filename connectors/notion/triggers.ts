import { z } from 'zod';

import { appTriggers } from '#connectors/kit/app-trigger.ts';
import type { JsonObject } from '#core/json.ts';

const input = z.strictObject({
  parent: z.string().max(60).optional().meta({
    title: 'In',
    help: 'The id of a page, a database or a data source. Left empty: anywhere that the integration may see.',
    placeholder: '1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d',
    expression: false,
  }),
});

const output = z.looseObject({
  id: z.string(),
  type: z.string(),
  timestamp: z.string(),
  entity: z.looseObject({ id: z.string(), type: z.string() }),
});

const note = 'Notion sends ids, not the content: read it with the next step.';

/** What happens in a workspace of Notion. */
export const notionTriggers = appTriggers({ connector: 'notion', delivery: 'app_event' }, [
  {
    id: 'page_created',
    label: 'Page created',
    summary: 'Starts a run when somebody adds a page to Notion.',
    input,
    output,
    sample: eventOf('page.created', 'page'),
    note,
  },
  {
    id: 'page_changed',
    label: 'Page changed',
    summary: 'Starts a run when the content or the properties of a page of Notion change.',
    input,
    output,
    sample: eventOf('page.content_updated', 'page'),
    note: `${note} Changes that follow each other closely come as one event.`,
  },
  {
    id: 'comment_created',
    label: 'Comment created',
    summary: 'Starts a run when somebody comments in Notion.',
    input,
    output,
    sample: eventOf('comment.created', 'comment'),
    note,
  },
]);

function eventOf(type: string, entity: string): JsonObject {
  return {
    id: '1782edd6-a853-4d4a-b02c-9c8c16f28e53',
    timestamp: '2026-01-15T09:30:00.000Z',
    workspace_id: '13950b26-c203-4f3b-b97d-93ec06319565',
    subscription_id: '29d75c0d-5546-4414-8459-7b7a92f1fc4b',
    type,
    authors: [{ id: 'c7c11cca-1d73-471d-9b6e-bdef51470190', type: 'person' }],
    attempt_number: 1,
    entity: { id: '153104cd-477e-809d-8dc4-ff2d96ae3090', type: entity },
    data: { parent: { id: '13950b26-c203-4f3b-b97d-93ec06319565', type: 'space' } },
  };
}
