import type {
  AppEvent,
  AppEventHandler,
  AppEventSource,
  Delivery,
  TriggerHandlerDef,
} from '#connectors/trigger-contract.ts';
import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';

export const notionTriggerHandlers: readonly TriggerHandlerDef[] = [
  { key: 'notion.page_created@1', appEvent: taking('page.created') },
  { key: 'notion.page_changed@1', appEvent: taking('page.content_updated', 'page.properties_updated') },
  { key: 'notion.comment_created@1', appEvent: taking('comment.created') },
];

/** Webhooks of an integration. Its secret comes unsigned, once, and has to be pasted into Notion to show that it arrived. */
export const notionEvents: AppEventSource = {
  connector: 'notion',
  setup: [
    'On the page of your Notion integration, open Webhooks, create a subscription with the address shown here, and choose the events that your flows need.',
    'Notion sends a verification token to that address within a minute; it is then shown here. Copy it, paste it into Notion, and verify.',
    'Should Notion ever send another token, forget this one first: only then is the new one taken.',
  ],
  secret: 'handshake',
  signature: { header: 'x-notion-signature', prefix: 'sha256=' },
  secretIn: tokenIn,
  read: ({ body }) => {
    if (!isJsonObject(body) || typeof body['type'] !== 'string') return { events: [] };
    return { events: [{ key: textOf(body['id']) || null, accounts: accountsOf(body), body }] };
  },
};

function tokenIn({ body, headers }: Delivery): string | null {
  if (headers['x-notion-signature'] !== undefined || !isJsonObject(body)) return null;
  return textOf(body['verification_token']) || null;
}

/** The workspace, and the integrations' bots that may see what it is about. */
function accountsOf({ workspace_id: workspace, accessible_by: viewers }: JsonObject): readonly string[] {
  const listed = (Array.isArray(viewers) ? (viewers as readonly Json[]) : []).filter(isJsonObject);
  return [workspace, ...listed.map(({ id }) => id)].map(textOf).filter((id) => id !== '');
}

function taking(...types: readonly string[]): AppEventHandler {
  return {
    wants: ({ body }: AppEvent, { parent }) => {
      if (!isJsonObject(body) || !types.includes(textOf(body['type']))) return false;
      return typeof parent !== 'string' || parent === '' || parentsOf(body).includes(plain(parent));
    },
  };
}

function parentsOf({ data }: JsonObject): readonly string[] {
  const parent = isJsonObject(data) ? data['parent'] : undefined;
  if (!isJsonObject(parent)) return [];
  return [parent['id'], parent['data_source_id']].map((id) => plain(textOf(id)));
}

/** Ids are written with dashes and without. */
function plain(id: string): string {
  return id.replaceAll('-', '').toLowerCase();
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
