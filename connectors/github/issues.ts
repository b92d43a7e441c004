import { z } from 'zod';

import { setting } from '#connectors/kit/http-call.ts';
import { type HttpOperation, limitSetting } from '#connectors/kit/http-operations.ts';
import {
  assignees,
  issue,
  issueNumber,
  labels,
  markdown,
  repository,
  sampleIssue,
  title,
} from './settings.ts';

export const issueOperations: readonly HttpOperation[] = [
  {
    id: 'create_issue',
    label: 'Create issue',
    summary: 'Opens an issue in a GitHub repository.',
    effect: 'once',
    input: z.strictObject({
      repository,
      title,
      body: markdown.optional(),
      labels,
      assignees,
    }),
    output: issue,
    sample: sampleIssue,
    call: {
      method: 'POST',
      path: '/repos/{repository+}/issues',
      body: {
        title: setting('title'),
        body: setting('body'),
        labels: setting('labels'),
        assignees: setting('assignees'),
      },
    },
  },
  {
    id: 'update_issue',
    label: 'Update issue',
    summary: 'Changes, closes or reopens an issue of a GitHub repository.',
    effect: 'keyed',
    input: z.strictObject({
      repository,
      issueNumber,
      title: title.optional(),
      body: markdown.optional(),
      state: z.enum(['open', 'closed']).optional().meta({ title: 'State' }),
      reason: z
        .enum(['completed', 'not_planned', 'reopened'])
        .optional()
        .meta({
          title: 'Reason',
          help: 'Why the state changes.',
          showIf: { field: 'state', in: ['open', 'closed'] },
        }),
      labels: labels.meta({ title: 'Labels', help: 'They take the place of those that are there.' }),
      assignees: assignees.meta({ title: 'Assignees', help: 'They take the place of those that are there.' }),
    }),
    output: issue,
    sample: { ...sampleIssue, state: 'closed', updated_at: '2026-01-15T09:31:00Z' },
    call: {
      method: 'PATCH',
      path: '/repos/{repository+}/issues/{issueNumber}',
      body: {
        title: setting('title'),
        body: setting('body'),
        state: setting('state'),
        state_reason: setting('reason'),
        labels: setting('labels'),
        assignees: setting('assignees'),
      },
    },
  },
  {
    id: 'create_comment',
    label: 'Comment on issue',
    summary: 'Adds a comment to an issue or pull request of a GitHub repository.',
    effect: 'once',
    input: z.strictObject({ repository, issueNumber, body: markdown.min(1) }),
    output: z.looseObject({
      id: z.int(),
      html_url: z.string(),
      body: z.string(),
      user: z.looseObject({ login: z.string() }),
      created_at: z.string(),
    }),
    sample: {
      id: 3_101_441_002,
      html_url: 'https://github.com/octo/hello/issues/1347#issuecomment-3101441002',
      body: 'It starts again.',
      user: { login: 'octocat' },
      created_at: '2026-01-15T09:32:00Z',
    },
    call: {
      method: 'POST',
      path: '/repos/{repository+}/issues/{issueNumber}/comments',
      body: { body: setting('body') },
    },
  },
  {
    id: 'search_issues',
    label: 'Search issues',
    summary: 'Finds issues and pull requests of GitHub.',
    effect: 'read',
    input: z.strictObject({
      query: z.string().min(1).max(256).meta({
        title: 'Query',
        help: 'As in the search field of GitHub.',
        placeholder: 'repo:octo/hello is:open label:bug',
      }),
      sort: z.enum(['created', 'updated', 'comments']).optional().meta({
        title: 'Sorted by',
        help: 'Newest or most first. Left empty: the best match.',
      }),
      limit: limitSetting(100),
    }),
    output: z.array(issue),
    sample: [sampleIssue],
    call: {
      method: 'GET',
      path: '/search/issues',
      query: { q: setting('query'), sort: setting('sort') },
      pick: '/items',
      paging: { kind: 'link', size: { name: 'per_page', most: 100 } },
    },
  },
];
