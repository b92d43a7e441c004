import { z } from 'zod';

import { setting } from '#connectors/kit/http-call.ts';
import type { HttpOperation } from '#connectors/kit/http-operations.ts';
import { branch, markdown, repository, title } from './settings.ts';

const path = z
  .string()
  .min(1)
  .regex(/^[^/]/, 'begin with a name, not with a slash')
  .meta({ title: 'Path', placeholder: 'docs/readme.md' });

export const codeOperations: readonly HttpOperation[] = [
  {
    id: 'get_file',
    label: 'Get file',
    summary: 'Reads a text file of a GitHub repository, up to 1 MB.',
    effect: 'read',
    input: z.strictObject({
      repository,
      path,
      ref: z.string().min(1).optional().meta({
        title: 'Branch, tag or commit',
        help: 'Left empty: the default branch.',
        choices: 'branches',
      }),
    }),
    output: z.looseObject({
      path: z.string(),
      sha: z.string(),
      size: z.int(),
      html_url: z.string().nullable(),
      text: z.string(),
    }),
    sample: {
      path: 'docs/readme.md',
      sha: '3d21ec53a331a6f037a91c368710b99387d012c1',
      size: 8,
      html_url: 'https://github.com/octo/hello/blob/main/docs/readme.md',
      text: '# Hello\n',
    },
    call: { method: 'GET', path: '/repos/{repository+}/contents/{path+}', query: { ref: setting('ref') } },
  },
  {
    id: 'put_file',
    label: 'Write file',
    summary: 'Creates or replaces a text file of a GitHub repository, as a commit of its own.',
    effect: 'once',
    input: z.strictObject({
      repository,
      path,
      text: z.string().meta({ title: 'Text', help: 'The whole file.', widget: 'textarea' }),
      message: z.string().min(1).meta({ title: 'Commit message', placeholder: 'Say hello' }),
      branch: branch
        .optional()
        .meta({ title: 'Branch', help: 'Left empty: the default branch.', choices: 'branches' }),
      sha: z.string().min(1).optional().meta({
        title: 'Replaced file',
        help: 'The sha of the file as it is now, from Get file. Left empty: the file must be new.',
        placeholder: 'steps.get.sha',
      }),
    }),
    output: z.looseObject({
      content: z
        .looseObject({ path: z.string(), sha: z.string(), html_url: z.string().nullable() })
        .nullable(),
      commit: z.looseObject({ sha: z.string(), html_url: z.string() }),
    }),
    sample: {
      content: {
        path: 'docs/readme.md',
        sha: '95b966ae1c166bd92f8ae7d1c313e738c731dfc3',
        html_url: 'https://github.com/octo/hello/blob/main/docs/readme.md',
      },
      commit: {
        sha: '7638417db6d59f3c431d3e1f261cc637155684cd',
        html_url: 'https://github.com/octo/hello/commit/7638417',
      },
    },
    call: {
      method: 'PUT',
      path: '/repos/{repository+}/contents/{path+}',
      body: {
        message: setting('message'),
        content: setting('text', 'base64'),
        branch: setting('branch'),
        sha: setting('sha'),
      },
    },
  },
  {
    id: 'create_pull_request',
    label: 'Create pull request',
    summary: 'Asks for a branch of a GitHub repository to be merged into another.',
    effect: 'once',
    input: z.strictObject({
      repository,
      title,
      head: branch.meta({
        title: 'From',
        help: 'The branch with the changes; user:branch for one of a fork.',
        choices: 'branches',
      }),
      base: branch.meta({ title: 'Into', help: 'The branch that takes them.', choices: 'branches' }),
      body: markdown.optional(),
      draft: z.boolean().default(false).meta({ title: 'Draft' }),
    }),
    output: z.looseObject({ number: z.int(), title: z.string(), state: z.string(), html_url: z.string() }),
    sample: {
      number: 12,
      title: 'Say hello',
      state: 'open',
      html_url: 'https://github.com/octo/hello/pull/12',
    },
    call: {
      method: 'POST',
      path: '/repos/{repository+}/pulls',
      body: {
        title: setting('title'),
        head: setting('head'),
        base: setting('base'),
        body: setting('body'),
        draft: setting('draft'),
      },
    },
  },
  {
    id: 'create_release',
    label: 'Create release',
    summary: 'Publishes a release of a GitHub repository, or drafts one.',
    effect: 'once',
    input: z.strictObject({
      repository,
      tag: z
        .string()
        .min(1)
        .meta({ title: 'Tag', help: 'Made if there is none of that name.', placeholder: 'v1.2.0' }),
      name: z.string().min(1).optional().meta({ title: 'Name', help: 'Left empty: the tag.' }),
      body: markdown.optional(),
      target: branch.optional().meta({
        title: 'Branch or commit',
        help: 'What a new tag is put on. Left empty: the default branch.',
        choices: 'branches',
      }),
      draft: z.boolean().default(false).meta({ title: 'Draft' }),
      prerelease: z.boolean().default(false).meta({ title: 'Prerelease' }),
    }),
    output: z.looseObject({
      id: z.int(),
      tag_name: z.string(),
      name: z.string().nullable(),
      html_url: z.string(),
      draft: z.boolean(),
    }),
    sample: {
      id: 88,
      tag_name: 'v1.2.0',
      name: 'January',
      html_url: 'https://github.com/octo/hello/releases/v1.2.0',
      draft: false,
    },
    call: {
      method: 'POST',
      path: '/repos/{repository+}/releases',
      body: {
        tag_name: setting('tag'),
        name: setting('name'),
        body: setting('body'),
        target_commitish: setting('target'),
        draft: setting('draft'),
        prerelease: setting('prerelease'),
      },
    },
  },
  {
    id: 'dispatch_workflow',
    label: 'Start workflow',
    summary: 'Starts a GitHub Actions workflow that can be started by hand.',
    effect: 'once',
    input: z.strictObject({
      repository,
      workflow: z.string().min(1).meta({
        title: 'Workflow',
        help: 'Its id, or the name of its file.',
        placeholder: 'deploy.yml',
        choices: 'workflows',
      }),
      ref: branch.meta({
        title: 'Branch or tag',
        help: 'Where the workflow is taken from.',
        choices: 'branches',
      }),
      inputs: z
        .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
        .optional()
        .meta({
          title: 'Inputs',
          help: 'By name, as the workflow declares them.',
          widget: 'key_values',
        }),
    }),
    output: z.looseObject({ started: z.boolean() }),
    sample: { started: true },
    call: {
      method: 'POST',
      path: '/repos/{repository+}/actions/workflows/{workflow}/dispatches',
      body: { ref: setting('ref'), inputs: setting('inputs') },
      whenEmpty: { started: true },
    },
  },
];
