import { z } from 'zod';

import { anyOf } from '#connectors/kit/any-of.ts';
import { appTriggers } from '#connectors/kit/app-trigger.ts';

const repository = z
  .string()
  .regex(/^[^/\s]+\/[^/\s]+$/, 'write the owner and the name, such as octo/hello')
  .meta({
    title: 'Repository',
    help: 'The owner and the name. The account needs admin rights on it.',
    placeholder: 'octo/hello',
    choices: 'repositories',
    expression: false,
  });

const repositoryParts = z.looseObject({ full_name: z.string() });
const inRepository = { repository: { full_name: 'octo/hello' }, sender: { login: 'octocat' } };
const issue = {
  number: 1347,
  title: 'Found a bug',
  state: 'open',
  html_url: 'https://github.com/octo/hello/issues/1347',
  body: 'It does not start.',
  user: { login: 'octocat' },
  labels: [{ name: 'bug' }],
};

const note =
  'GitHub numbers deliveries, not events: an event of the seconds in which the settings of a published trigger change may start two runs.';

const branch = z.string().max(250).optional().meta({
  title: 'Branch',
  help: 'Pushes to this branch alone. Left empty: to any branch or tag.',
  placeholder: 'main',
  expression: false,
});

export const ISSUE_ACTIONS = ['opened', 'edited', 'closed', 'reopened', 'labeled', 'assigned'] as const;
export const PULL_REQUEST_ACTIONS = [
  'opened',
  'synchronize',
  'ready_for_review',
  'closed',
  'reopened',
  'labeled',
  'review_requested',
] as const;
export const RELEASE_ACTIONS = ['published', 'released', 'prereleased', 'created', 'edited'] as const;

const eventNames = z
  .array(z.string().regex(/^[a-z_]{1,50}$/, 'write the name of an event, such as issue_comment'))
  .min(1)
  .max(50)
  .meta({
    title: 'Events',
    help: 'Names of webhook events of a repository.',
    placeholder: 'issue_comment',
    widget: 'list',
    expression: false,
  });

/** What happens in a repository of GitHub. */
export const githubTriggers = appTriggers(
  { connector: 'github', delivery: 'subscription', alsoTakes: ['bearer_token'] },
  [
    {
      id: 'push',
      label: 'Push',
      summary: 'Starts a run when somebody pushes to a repository of GitHub.',
      input: z.strictObject({ repository, branch }),
      output: z.looseObject({
        ref: z.string(),
        before: z.string(),
        after: z.string(),
        repository: repositoryParts,
        commits: z.array(z.looseObject({ id: z.string(), message: z.string() })),
      }),
      sample: {
        ref: 'refs/heads/main',
        before: '6113728f27ae82c7b1a177c8d03f9e96e0adf246',
        after: 'b1b3f9723831141a31a1a7252a213e216ea76e56',
        ...inRepository,
        commits: [{ id: 'b1b3f9723831141a31a1a7252a213e216ea76e56', message: 'Start at last' }],
      },
      note,
    },
    {
      id: 'issue',
      label: 'Issue',
      summary: 'Starts a run when something happens to an issue of a repository of GitHub.',
      input: z.strictObject({
        repository,
        actions: anyOf(ISSUE_ACTIONS, { title: 'What happened', help: 'Left empty: anything.' }),
      }),
      output: z.looseObject({
        action: z.string(),
        issue: z.looseObject({ number: z.int(), title: z.string() }),
        repository: repositoryParts,
      }),
      sample: { action: 'opened', issue, ...inRepository },
      note,
    },
    {
      id: 'pull_request',
      label: 'Pull request',
      summary: 'Starts a run when something happens to a pull request of a repository of GitHub.',
      input: z.strictObject({
        repository,
        actions: anyOf(PULL_REQUEST_ACTIONS, { title: 'What happened', help: 'Left empty: anything.' }),
      }),
      output: z.looseObject({
        action: z.string(),
        number: z.int(),
        pull_request: z.looseObject({ title: z.string() }),
        repository: repositoryParts,
      }),
      sample: {
        action: 'opened',
        number: 12,
        pull_request: {
          title: 'Start at last',
          html_url: 'https://github.com/octo/hello/pull/12',
          merged: false,
        },
        ...inRepository,
      },
      note,
    },
    {
      id: 'release',
      label: 'Release',
      summary: 'Starts a run when something happens to a release of a repository of GitHub.',
      input: z.strictObject({
        repository,
        actions: anyOf(RELEASE_ACTIONS, { title: 'What happened', help: 'Left empty: anything.' }),
      }),
      output: z.looseObject({
        action: z.string(),
        release: z.looseObject({ tag_name: z.string() }),
        repository: repositoryParts,
      }),
      sample: {
        action: 'published',
        release: {
          tag_name: 'v1.0.0',
          name: 'First',
          html_url: 'https://github.com/octo/hello/releases/tag/v1.0.0',
        },
        ...inRepository,
      },
      note,
    },
    {
      id: 'event',
      label: 'Repository event',
      summary: 'Starts a run for each of the chosen events of a repository of GitHub.',
      input: z.strictObject({ repository, events: eventNames }),
      output: z.looseObject({ repository: repositoryParts.optional() }),
      sample: { action: 'created', comment: { body: 'It starts now.' }, issue, ...inRepository },
      note: `${note} The name of the event is in trigger.headers.`,
    },
  ],
);
