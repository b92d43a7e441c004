import { z } from 'zod';

import { appTriggers } from '#connectors/kit/app-trigger.ts';
import { literal } from '#connectors/kit/literal.ts';
import { site } from './settings.ts';

const input = z.strictObject({
  site: literal(site),
  jql: z.string().min(1).max(2_000).meta({
    title: 'Issues',
    help: 'A JQL query of what Jira takes here: project, issuetype, status and the like, with =, !=, IN and NOT IN.',
    placeholder: 'project = OPS',
    expression: false,
  }),
});

const output = z.looseObject({
  webhookEvent: z.string(),
  timestamp: z.number(),
  issue: z.looseObject({ id: z.string(), key: z.string() }),
});

const issue = {
  id: '10042',
  key: 'OPS-42',
  fields: { summary: 'The printer is on fire', status: { name: 'To Do' }, issuetype: { name: 'Bug' } },
};
const user = { accountId: '5b10a2844c20165700ede21g', displayName: 'Ada Lovelace' };

const note = 'Jira gives an app five such webhooks for each user and site: one for each published flow.';

/** What happens to issues of Jira Cloud. */
export const jiraTriggers = appTriggers({ connector: 'jira', delivery: 'subscription' }, [
  {
    id: 'issue_created',
    label: 'Issue created',
    summary: 'Starts a run when an issue that a query finds is created in Jira.',
    input,
    output,
    sample: { timestamp: 1_768_469_400_000, webhookEvent: 'jira:issue_created', user, issue },
    note,
  },
  {
    id: 'issue_updated',
    label: 'Issue updated',
    summary: 'Starts a run when an issue of Jira that a query finds changes.',
    input,
    output,
    sample: {
      timestamp: 1_768_469_400_000,
      webhookEvent: 'jira:issue_updated',
      user,
      issue,
      changelog: { id: '1', items: [{ field: 'status', fromString: 'To Do', toString: 'Done' }] },
    },
    note,
  },
  {
    id: 'comment_created',
    label: 'Comment created',
    summary: 'Starts a run when somebody comments on an issue of Jira that a query finds.',
    input,
    output,
    sample: {
      timestamp: 1_768_469_400_000,
      webhookEvent: 'comment_created',
      issue,
      comment: { id: '10001', body: 'It is out.', author: user },
    },
    note,
  },
]);
