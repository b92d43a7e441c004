import { z } from 'zod';

import type { ConnectorDef } from '#connectors/contract.ts';
import { httpOperations } from '#connectors/kit/http-operations.ts';
import { codeOperations } from './code.ts';
import { issueOperations } from './issues.ts';
import { githubMark } from './mark.ts';
import { githubLoaders } from './option-loaders.ts';
import { githubTriggers } from './triggers.ts';

const facts = {
  id: 'github',
  label: 'GitHub',
  icon: 'plug',
  alsoTakes: ['bearer_token'],
  http: {
    headers: { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' },
    failures: {
      message: ['/message', '/errors/*/message', '/errors/*/field', '/errors/*/code'],
      known: {
        '404': {
          says: 'There is no such thing, or the account may not see it: GitHub answers the same to both. Check the spelling, the account and its scopes.',
        },
      },
    },
  },
} as const;

/** Answers to requests for tokens are asked for as JSON: they come as forms otherwise. Refusals come with status 200. */
export const github: ConnectorDef = {
  ...facts,
  summary: 'Issues, pull requests, files, releases and workflows of GitHub repositories.',
  category: 'app',
  mark: githubMark,
  connection: z.strictObject({}),
  oauth: {
    grant: 'authorization_code',
    authorizeUrl: 'https://github.com/login/oauth/authorize',
    tokenUrl: 'https://github.com/login/oauth/access_token',
    scopes: [
      { id: 'repo', says: 'Read and change your repositories, issues and pull requests' },
      { id: 'workflow', says: 'Change and start workflows' },
      { id: 'read:user', says: 'See who you are' },
    ],
    isRotating: true,
    setup: {
      url: 'https://github.com/settings/applications/new',
      steps: [
        'On GitHub, open Settings, Developer settings, OAuth Apps, and choose New OAuth App. For an organisation, do so in its settings.',
        'Give it a name and the address of this Patchbay as homepage. Paste the callback URL shown here as “Authorization callback URL”.',
        'Register it, then choose “Generate a new client secret”. Copy the client id and the secret into this form.',
      ],
    },
  },
  callAuth: { kind: 'bearer', field: 'accessToken' },
  baseUrl: 'https://api.github.com',
  account: { url: 'https://api.github.com/user', headers: facts.http.headers, id: '/id', label: '/login' },
  proof: 'vendor_specification',
  optionLoaders: githubLoaders,
  operations: [...githubTriggers, ...httpOperations(facts, [...issueOperations, ...codeOperations])],
};
