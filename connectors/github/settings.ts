import { z } from 'zod';

/** The repository that an operation works on. */
export const repository = z
  .string()
  .regex(/^[^/\s]+\/[^/\s]+$/, 'write the owner and the name, such as octo/hello')
  .meta({
    title: 'Repository',
    help: 'The owner and the name.',
    placeholder: 'octo/hello',
    choices: 'repositories',
  });

export const issueNumber = z
  .int()
  .min(1)
  .meta({ title: 'Issue number', help: 'Of an issue or a pull request.' });

export const labels = z
  .array(z.string().min(1).meta({ choices: 'labels' }))
  .max(100)
  .optional()
  .meta({ title: 'Labels', help: 'Names of labels of the repository.' });

export const assignees = z
  .array(z.string().min(1).meta({ choices: 'assignees' }))
  .max(10)
  .optional()
  .meta({ title: 'Assignees', help: 'User names.', placeholder: 'octocat' });

export const title = z.string().min(1).max(256).meta({ title: 'Title', help: 'One line.' });

/** A text in GitHub's Markdown. */
export const markdown = z.string().max(65_536).meta({ title: 'Text', help: 'Markdown.', widget: 'textarea' });

export const branch = z.string().min(1).meta({ title: 'Branch', placeholder: 'main', choices: 'branches' });

/** What every reply about an issue has, among much else. */
export const issue = z.looseObject({
  number: z.int(),
  title: z.string(),
  state: z.string(),
  html_url: z.string(),
  body: z.string().nullish(),
  user: z.looseObject({ login: z.string() }).nullable(),
  labels: z.array(z.looseObject({ name: z.string() })),
  created_at: z.string(),
  updated_at: z.string(),
});

export const sampleIssue = {
  number: 1347,
  title: 'Found a bug',
  state: 'open',
  html_url: 'https://github.com/octo/hello/issues/1347',
  body: 'It does not start.',
  user: { login: 'octocat' },
  labels: [{ name: 'bug' }],
  created_at: '2026-01-15T09:30:00Z',
  updated_at: '2026-01-15T09:30:00Z',
};
