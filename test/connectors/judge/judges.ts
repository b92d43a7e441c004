import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { acmeCases } from './cases/acme.ts';
import type { JudgeCases } from './cases/case.ts';
import { githubCases } from './cases/github.ts';
import { gmailCases } from './cases/gmail.ts';
import { googleSheetsCases } from './cases/google-sheets.ts';
import { hubspotCases } from './cases/hubspot.ts';
import { jiraCases } from './cases/jira.ts';
import { microsoftCases } from './cases/microsoft.ts';
import { notionCases } from './cases/notion.ts';
import { salesforceCases } from './cases/salesforce.ts';
import { slackCases } from './cases/slack.ts';
import { stripeCases } from './cases/stripe.ts';
import type { Recording } from './compare-requests.ts';
import type { JudgeSpec } from './judge-request.ts';

/** What judges the requests of a connector. */
export interface Judge {
  readonly cases: JudgeCases;
  /** Files in `specs`, without their ending. */
  readonly specs: readonly string[];
  /** A file in `recordings`, for what the specifications lack. */
  readonly recording?: string;
  /** What nothing of the vendor's judges, by `lists/<name>` or `account`, and why. */
  readonly unjudged?: Readonly<Record<string, string>>;
}

const USERINFO = 'The address is the one that Google’s OpenID configuration names.';

/** By connector. */
export const JUDGES: Readonly<Record<string, Judge>> = {
  acme: { cases: acmeCases, specs: ['acme'] },
  github: { cases: githubCases, specs: ['github'] },
  slack: { cases: slackCases, specs: ['slack'] },
  notion: { cases: notionCases, specs: [], recording: 'notion' },
  stripe: { cases: stripeCases, specs: ['stripe'] },
  hubspot: {
    cases: hubspotCases,
    specs: [],
    recording: 'hubspot',
    unjudged: { account: 'The SDK has no call for the details of the account.' },
  },
  jira: {
    cases: jiraCases,
    specs: ['jira'],
    recording: 'jira',
    unjudged: {
      'lists/sites': 'It is no part of Jira’s API, but of Atlassian’s OAuth.',
      account: 'It is no part of Jira’s API, but of Atlassian’s OAuth.',
    },
  },
  google_sheets: {
    cases: googleSheetsCases,
    specs: ['google-sheets', 'google-drive'],
    unjudged: { account: USERINFO },
  },
  gmail: { cases: gmailCases, specs: ['gmail'], unjudged: { account: USERINFO } },
  microsoft: { cases: microsoftCases, specs: ['microsoft'] },
  salesforce: {
    cases: salesforceCases,
    specs: [],
    recording: 'salesforce',
    unjudged: { account: 'The SDK asks for it at an address that it was given with the token.' },
  },
};

/** A committed specification. */
export function readSpec(name: string): Promise<JudgeSpec> {
  return readJson('specs', name);
}

/** What an SDK was seen to send. */
export function readRecording(name: string): Promise<Recording> {
  return readJson('recordings', name);
}

async function readJson<T>(folder: string, name: string): Promise<T> {
  return JSON.parse(await readFile(join(import.meta.dirname, folder, `${name}.json`), 'utf8')) as T;
}
