import { z } from 'zod';

import { setting, when } from '#connectors/kit/http-call.ts';
import { type HttpOperation, limitSetting } from '#connectors/kit/http-operations.ts';
import {
  description,
  fields,
  issue,
  issueKey,
  labels,
  priority,
  sampleIssue,
  site,
  SITE,
  summary,
} from './settings.ts';

const accountId = z.string().min(1).meta({
  title: 'Assignee',
  help: 'An account id.',
  placeholder: '5b10ac8d82e05b22cc7d4ef5',
});

export const issueOperations: readonly HttpOperation[] = [
  {
    id: 'create_issue',
    label: 'Create issue',
    summary: 'Creates an issue in a Jira project.',
    effect: 'once',
    input: z.strictObject({
      site,
      project: z
        .string()
        .min(1)
        .meta({ title: 'Project', help: 'Its key.', placeholder: 'OPS', choices: 'projects' }),
      issueType: z
        .string()
        .min(1)
        .meta({ title: 'Type', help: 'Its id.', placeholder: '10001', choices: 'issueTypes' }),
      summary,
      description,
      labels,
      priority,
      assignee: accountId.optional().meta({ choices: 'projectMembers' }),
      fields,
    }),
    output: z.looseObject({ id: z.string(), key: z.string(), self: z.string() }),
    sample: {
      id: '10042',
      key: 'OPS-42',
      self: 'https://api.atlassian.com/ex/jira/1122/rest/api/3/issue/10042',
    },
    call: {
      method: 'POST',
      path: `${SITE}/issue`,
      body: {
        fields: {
          project: { key: setting('project') },
          issuetype: { id: setting('issueType') },
          summary: setting('summary'),
          description: setting('description', 'document'),
          labels: setting('labels'),
          priority: when('priority', { name: setting('priority') }),
          assignee: when('assignee', { accountId: setting('assignee') }),
          '...': setting('fields'),
        },
      },
    },
  },
  {
    id: 'get_issue',
    label: 'Get issue',
    summary: 'Reads an issue of Jira.',
    effect: 'read',
    input: z.strictObject({ site, issueKey }),
    output: issue,
    sample: sampleIssue,
    call: { method: 'GET', path: `${SITE}/issue/{issueKey}` },
  },
  {
    id: 'update_issue',
    label: 'Update issue',
    summary: 'Changes those fields of an issue of Jira that are filled in.',
    effect: 'keyed',
    input: z.strictObject({
      site,
      issueKey,
      summary: summary.optional(),
      description,
      labels,
      priority,
      fields,
    }),
    output: z.looseObject({ updated: z.boolean() }),
    sample: { updated: true },
    call: {
      method: 'PUT',
      path: `${SITE}/issue/{issueKey}`,
      body: {
        fields: {
          summary: setting('summary'),
          description: setting('description', 'document'),
          labels: setting('labels'),
          priority: when('priority', { name: setting('priority') }),
          '...': setting('fields'),
        },
      },
      whenEmpty: { updated: true },
    },
  },
  {
    id: 'search_issues',
    label: 'Search issues',
    summary: 'Finds issues of Jira by JQL.',
    effect: 'read',
    input: z.strictObject({
      site,
      jql: z.string().min(1).max(10_000).meta({
        title: 'JQL',
        help: 'Jira takes only queries that are bounded, for example by a project.',
        placeholder: 'project = OPS AND status = "To Do" ORDER BY created',
      }),
      fields: z
        .array(z.string().min(1))
        .min(1)
        .default(['summary', 'status', 'assignee', 'created', 'updated'])
        .meta({ title: 'Fields', help: 'Ids of the fields to read; *all for all.' }),
      limit: limitSetting(100),
    }),
    output: z.array(issue),
    sample: [sampleIssue],
    call: {
      method: 'GET',
      path: `${SITE}/search/jql`,
      query: { jql: setting('jql'), fields: setting('fields') },
      pick: '/issues',
      paging: {
        kind: 'cursor',
        next: '/nextPageToken',
        name: 'nextPageToken',
        size: { name: 'maxResults', most: 100 },
      },
    },
  },
  {
    id: 'add_comment',
    label: 'Comment on issue',
    summary: 'Adds a comment to an issue of Jira.',
    effect: 'once',
    input: z.strictObject({
      site,
      issueKey,
      text: z.string().min(1).max(32_000).meta({
        title: 'Text',
        help: 'Plain text; empty lines make paragraphs.',
        widget: 'textarea',
      }),
    }),
    output: z.looseObject({ id: z.string(), created: z.string() }),
    sample: { id: '10100', created: '2026-01-15T09:32:00.000+0000' },
    call: {
      method: 'POST',
      path: `${SITE}/issue/{issueKey}/comment`,
      body: { body: setting('text', 'document') },
    },
  },
  {
    id: 'transition_issue',
    label: 'Move issue',
    summary: 'Moves an issue of Jira to another status, by one of the transitions that it has now.',
    effect: 'once',
    input: z.strictObject({
      site,
      issueKey,
      transition: z
        .string()
        .min(1)
        .meta({ title: 'Transition', help: 'Its id.', placeholder: '31', choices: 'transitions' }),
    }),
    output: z.looseObject({ moved: z.boolean() }),
    sample: { moved: true },
    call: {
      method: 'POST',
      path: `${SITE}/issue/{issueKey}/transitions`,
      body: { transition: { id: setting('transition') } },
      whenEmpty: { moved: true },
    },
  },
  {
    id: 'assign_issue',
    label: 'Assign issue',
    summary: 'Gives an issue of Jira to somebody.',
    effect: 'keyed',
    input: z.strictObject({ site, issueKey, assignee: accountId.meta({ choices: 'assignees' }) }),
    output: z.looseObject({ assigned: z.boolean() }),
    sample: { assigned: true },
    call: {
      method: 'PUT',
      path: `${SITE}/issue/{issueKey}/assignee`,
      body: { accountId: setting('assignee') },
      whenEmpty: { assigned: true },
    },
  },
];
