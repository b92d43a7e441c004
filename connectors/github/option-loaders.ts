import type { HttpCall, OptionLoader } from '#connectors/kit/http-call.ts';

function pages(path: string, pick = ''): HttpCall {
  return { method: 'GET', path, pick, paging: { kind: 'link', size: { name: 'per_page', most: 100 } } };
}

export const githubLoaders: Readonly<Record<string, OptionLoader>> = {
  repositories: {
    call: { ...pages('/user/repos'), query: { sort: 'pushed' } },
    value: '/full_name',
    label: '/full_name',
    hint: '/description',
  },
  labels: {
    call: pages('/repos/{repository+}/labels'),
    value: '/name',
    label: '/name',
    hint: '/description',
  },
  assignees: { call: pages('/repos/{repository+}/assignees'), value: '/login', label: '/login' },
  branches: { call: pages('/repos/{repository+}/branches'), value: '/name', label: '/name' },
  workflows: {
    call: pages('/repos/{repository+}/actions/workflows', '/workflows'),
    value: '/id',
    label: '/name',
    hint: '/path',
  },
};
