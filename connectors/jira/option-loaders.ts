import { type OptionLoader, SEARCH, setting } from '#connectors/kit/http-call.ts';
import { SITE } from './settings.ts';

const paging = { kind: 'offset', name: 'startAt', size: { name: 'maxResults', most: 50 } } as const;

export const jiraLoaders: Readonly<Record<string, OptionLoader>> = {
  sites: {
    call: { method: 'GET', path: '/oauth/token/accessible-resources' },
    value: '/id',
    label: '/name',
    hint: '/url',
  },
  projects: {
    call: {
      method: 'GET',
      path: `${SITE}/project/search`,
      query: { query: setting(SEARCH) },
      pick: '/values',
      paging,
    },
    value: '/key',
    label: '/name',
  },
  issueTypes: {
    call: { method: 'GET', path: `${SITE}/project/{project}`, pick: '/issueTypes' },
    value: '/id',
    label: '/name',
    hint: '/description',
  },
  projectMembers: {
    call: {
      method: 'GET',
      path: `${SITE}/user/assignable/search`,
      query: { project: setting('project'), query: setting(SEARCH) },
      paging,
    },
    value: '/accountId',
    label: '/displayName',
    hint: '/emailAddress',
  },
  assignees: {
    call: {
      method: 'GET',
      path: `${SITE}/user/assignable/search`,
      query: { issueKey: setting('issueKey'), query: setting(SEARCH) },
      paging,
    },
    value: '/accountId',
    label: '/displayName',
    hint: '/emailAddress',
  },
  transitions: {
    call: { method: 'GET', path: `${SITE}/issue/{issueKey}/transitions`, pick: '/transitions' },
    value: '/id',
    label: '/name',
  },
};
