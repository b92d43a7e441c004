import { z } from 'zod';

/** Calls with OAuth go by the id of a site; one account may have several. */
export const site = z.string().min(1).meta({
  title: 'Site',
  help: 'The Jira site, by its id.',
  placeholder: '11223344-a1b2-3b33-c444-def123456789',
  choices: 'sites',
});

/** Where the paths of a site begin. */
export const SITE = '/ex/jira/{site}/rest/api/3';

export const issueKey = z
  .string()
  .min(1)
  .meta({ title: 'Issue', help: 'Its key or id.', placeholder: 'OPS-42' });

export const summary = z.string().min(1).max(255).meta({ title: 'Summary', help: 'One line.' });

export const description = z.string().max(32_000).optional().meta({
  title: 'Description',
  help: 'Plain text; empty lines make paragraphs.',
  widget: 'textarea',
});

export const labels = z
  .array(z.string().regex(/^\S+$/, 'a label has no spaces'))
  .optional()
  .meta({ title: 'Labels', help: 'Words without spaces.' });

export const priority = z
  .string()
  .min(1)
  .optional()
  .meta({ title: 'Priority', help: 'By name.', placeholder: 'High' });

export const fields = z.record(z.string(), z.unknown()).optional().meta({
  title: 'More fields',
  help: 'Other fields by their ids, as Jira’s API takes them.',
  placeholder: 'customfield_10010',
  widget: 'value',
  advanced: true,
});

export const issue = z.looseObject({
  id: z.string(),
  key: z.string(),
  fields: z.looseObject({
    summary: z.string().nullish(),
    status: z.looseObject({ name: z.string() }).nullish(),
    assignee: z.looseObject({ displayName: z.string() }).nullish(),
    created: z.string().nullish(),
    updated: z.string().nullish(),
  }),
});

export const sampleIssue = {
  id: '10042',
  key: 'OPS-42',
  fields: {
    summary: 'The shop is slow',
    status: { name: 'To Do' },
    assignee: { displayName: 'Ada Lovelace' },
    created: '2026-01-15T09:30:00.000+0000',
    updated: '2026-01-15T09:30:00.000+0000',
  },
};
