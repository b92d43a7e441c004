import type { JudgeCases } from './case.ts';

const repository = 'octo/hello';
const people = { labels: ['bug', 'good first issue'], assignees: ['octocat'] };

export const githubCases: JudgeCases = {
  operations: {
    create_issue: [
      { repository, title: 'Found a bug', body: 'It **fails**.', ...people },
      { repository, title: 'Found a bug' },
    ],
    update_issue: [
      {
        repository,
        issueNumber: 7,
        title: 'New',
        body: 'x',
        state: 'closed',
        reason: 'not_planned',
        ...people,
      },
      { repository, issueNumber: 7 },
    ],
    create_comment: [{ repository, issueNumber: 7, body: 'Thanks.' }],
    search_issues: [{ query: 'repo:octo/hello is:open', sort: 'updated', limit: 3 }],
    get_file: [{ repository, path: 'docs/read me.md', ref: 'main' }],
    put_file: [
      {
        repository,
        path: 'docs/readme.md',
        text: '# Hällo',
        message: 'Say hello',
        branch: 'main',
        sha: '95b966ae',
      },
    ],
    create_pull_request: [
      { repository, title: 'Say hello', head: 'hello', base: 'main', body: 'Because.', draft: true },
    ],
    create_release: [
      { repository, tag: 'v1', name: 'One', body: 'First', target: 'main', draft: true, prerelease: true },
    ],
    dispatch_workflow: [{ repository, workflow: 'deploy.yml', ref: 'main', inputs: { stage: 'test', n: 2 } }],
  },
  lists: {
    repositories: {},
    labels: { repository },
    assignees: { repository },
    branches: { repository },
    workflows: { repository },
  },
};
