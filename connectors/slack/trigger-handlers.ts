import type { AppEvent, AppEventSource, TriggerHandlerDef } from '#connectors/trigger-contract.ts';
import { SLACK_SIGNATURE } from '#connectors/vendor-signatures.ts';
import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';

export const slackTriggerHandlers: readonly TriggerHandlerDef[] = [
  { key: 'slack.message_posted@1', appEvent: { wants: wantsMessage } },
  {
    key: 'slack.app_mentioned@1',
    appEvent: { wants: (event, settings) => isIn(event, 'app_mention', settings) },
  },
  {
    key: 'slack.reaction_added@1',
    appEvent: {
      wants: (event, settings) => {
        const { reaction } = settings;
        return (
          isIn(event, 'reaction_added', settings) && (!reaction || bodyOf(event)['reaction'] === reaction)
        );
      },
    },
  },
];

/** The Events API: one address for all workspaces that added the app; `event_callback` carries one event each. */
export const slackEvents: AppEventSource = {
  connector: 'slack',
  setup: [
    'On the page of your Slack app, open Basic Information, copy the Signing Secret and enter it here.',
    'Open Event Subscriptions, turn events on, and paste the address shown here as Request URL. Slack checks it at once.',
    'Under Subscribe to bot events, add message.channels, message.groups, app_mention and reaction_added, as your flows need them. Save.',
    'Reinstall the app where Slack asks for it, connect the account again, and invite the app to the channels.',
  ],
  secret: 'entered',
  signature: SLACK_SIGNATURE,
  read: ({ body }) => {
    if (!isJsonObject(body)) return { events: [] };
    const { type, challenge, event } = body;
    if (type === 'url_verification' && typeof challenge === 'string')
      return { reply: { status: 200, body: { challenge } } };
    if (type !== 'event_callback' || !isJsonObject(event)) return { events: [] };
    return { events: [{ key: textOf(body['event_id']) || null, accounts: accountsOf(body), body: event }] };
  },
};

/** The workspace, and those whose installation of the app the event is shown to. */
function accountsOf({ team_id: team, authorizations }: JsonObject): readonly string[] {
  const shownTo = (Array.isArray(authorizations) ? (authorizations as readonly Json[]) : []).filter(
    isJsonObject,
  );
  const ids = [team, ...shownTo.flatMap(({ team_id: id, user_id: user }) => [id, user])];
  return [...new Set(ids.map(textOf))].filter((id) => id !== '');
}

/** Changed, deleted and system messages have a subtype; of those, only what bots and people post is a new message. */
function wantsMessage(event: AppEvent, settings: JsonObject): boolean {
  const { subtype, bot_id: bot } = bodyOf(event);
  const isBots = bot !== undefined || subtype === 'bot_message';
  const isNew = ['', 'bot_message', 'file_share', 'thread_broadcast', 'me_message'].includes(textOf(subtype));
  return isIn(event, 'message', settings) && isNew && (!isBots || settings['fromBots'] === true);
}

function isIn(event: AppEvent, type: string, { channel }: JsonObject): boolean {
  const { type: its, channel: itsChannel, item } = bodyOf(event);
  const place = itsChannel ?? (isJsonObject(item) ? item['channel'] : undefined);
  return its === type && (!channel || place === channel);
}

function bodyOf({ body }: AppEvent): JsonObject {
  return isJsonObject(body) ? body : {};
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
