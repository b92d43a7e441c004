import { acmeHandlers } from './acme/handlers.ts';
import type { ActionHandler } from './contract.ts';
import { coreHandlers } from './core/handlers.ts';
import { dataHandlers } from './data/handlers.ts';
import { githubHandlers } from './github/handlers.ts';
import type { HandlerDef } from './handle-action.ts';
import { slackHandlers } from './slack/handlers.ts';
import { notionHandlers } from './notion/handlers.ts';
import { stripeHandlers } from './stripe/handlers.ts';
import { hubspotHandlers } from './hubspot/handlers.ts';
import { jiraHandlers } from './jira/handlers.ts';
import { googleSheetsHandlers } from './google-sheets/handlers.ts';
import { gmailHandlers } from './gmail/handlers.ts';
import { microsoftHandlers } from './microsoft/handlers.ts';
import { salesforceHandlers } from './salesforce/handlers.ts';
import { httpHandlers } from './http/handlers.ts';
import { mysqlHandlers } from './mysql/handlers.ts';
import { postgresHandlers } from './postgres/handlers.ts';
import { smtpHandlers } from './smtp/handlers.ts';

/** Every handler. For the server alone: the browser knows definitions only. */
export const HANDLERS: readonly HandlerDef[] = [
  ...coreHandlers,
  ...dataHandlers,
  ...httpHandlers,
  ...acmeHandlers,
  ...githubHandlers,
  ...slackHandlers,
  ...notionHandlers,
  ...stripeHandlers,
  ...hubspotHandlers,
  ...jiraHandlers,
  ...googleSheetsHandlers,
  ...gmailHandlers,
  ...microsoftHandlers,
  ...salesforceHandlers,
  ...smtpHandlers,
  ...postgresHandlers,
  ...mysqlHandlers,
];

const byKey = new Map(HANDLERS.map(({ key, handle }) => [key, handle]));

/** The handler of an action; undefined for triggers and unknown types. */
export function findHandler(type: string, version: number): ActionHandler | undefined {
  return byKey.get(`${type}@${version}`);
}
