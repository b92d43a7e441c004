import { z } from 'zod';

import { checkedReply } from '#connectors/kit/checked-reply.ts';
import { setting } from '#connectors/kit/http-call.ts';
import { triggerCall } from '#connectors/kit/trigger-call.ts';
import type { Polled, PollHandler, TriggerContext, TriggerHandlerDef } from '#connectors/trigger-contract.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';
import { gmail } from './definition.ts';

const ME = '/gmail/v1/users/me';
/** Each costs a call for its subject and sender. */
const MOST_AT_A_TIME = 50;
/** Looked back by so much more than the time that is not known: clocks differ. */
const OVERLAP_SECONDS = 600;

const cursorSchema = z.strictObject({ historyId: z.string(), at: z.number() });
const profile = z.looseObject({ historyId: z.string() });
const messageRef = z.looseObject({ id: z.string() });
const history = z.looseObject({
  historyId: z.string(),
  nextPageToken: z.string().optional(),
  history: z
    .array(
      z.looseObject({
        id: z.string(),
        messagesAdded: z.array(z.looseObject({ message: messageRef })).default([]),
      }),
    )
    .default([]),
});
const messageList = z.looseObject({ messages: z.array(messageRef).default([]) });
const message = z.looseObject({
  id: z.string(),
  threadId: z.string(),
  labelIds: z.array(z.string()).default([]),
  snippet: z.string().default(''),
  payload: z
    .looseObject({ headers: z.array(z.looseObject({ name: z.string(), value: z.string() })).default([]) })
    .default({ headers: [] }),
});

export const gmailTriggerHandlers: readonly TriggerHandlerDef[] = [
  { key: 'gmail.message_received@1', poll: messagesReceived() },
];

type Cursor = z.output<typeof cursorSchema>;

/** By the mailbox's history from where the last look ended. Gmail forgets it after a week or so: then by what arrived since. */
function messagesReceived(): PollHandler {
  return {
    async poll(context, { settings, cursor }) {
      const known = cursorSchema.safeParse(cursor);
      if (!known.success) return { items: [], cursor: await newest(context) };
      try {
        return await sinceHistory(context, settings, known.data);
      } catch (error) {
        if (!isForgotten(error)) throw error;
        return sinceTime(context, settings, known.data);
      }
    },
  };
}

/** Where the history ends now. */
async function newest(context: TriggerContext): Promise<Cursor> {
  const reply = await triggerCall(gmail, { method: 'GET', path: `${ME}/profile` }, { context });
  return { historyId: checkedReply(gmail.label, profile, reply).historyId, at: context.now };
}

async function sinceHistory(
  context: TriggerContext,
  settings: JsonObject,
  { historyId, at }: Cursor,
): Promise<Polled> {
  const { label = null } = settings;
  const query = {
    startHistoryId: setting('historyId'),
    labelId: setting('label'),
    historyTypes: 'messageAdded',
    maxResults: 100,
  };
  const call = { method: 'GET', path: `${ME}/history`, query } as const;
  const reply = await triggerCall(gmail, call, { context, settings: { historyId, label } });
  const found = checkedReply(gmail.label, history, reply);
  const ids = new Set<string>();
  let reached = historyId;
  let isCut = false;
  for (const { id, messagesAdded } of found.history) {
    if (ids.size >= MOST_AT_A_TIME) isCut = true;
    if (isCut) break;
    for (const added of messagesAdded) ids.add(added.message.id);
    reached = id;
  }
  const more = isCut || found.nextPageToken !== undefined;
  return {
    items: await itemsOf(context, [...ids]),
    cursor: { historyId: more ? reached : found.historyId, at: more ? at : context.now },
    more,
  };
}

/** What is known already is told by its key. The new place in the history is taken first, so that nothing falls in between. */
async function sinceTime(context: TriggerContext, settings: JsonObject, { at }: Cursor): Promise<Polled> {
  const cursor = await newest(context);
  const { label = null } = settings;
  const after = `after:${Math.floor(at / 1_000) - OVERLAP_SECONDS}`;
  const query = { q: setting('after'), labelIds: setting('label'), maxResults: 500 };
  const call = { method: 'GET', path: `${ME}/messages`, query } as const;
  const reply = await triggerCall(gmail, call, { context, settings: { after, label } });
  const { messages } = checkedReply(gmail.label, messageList, reply);
  return { items: await itemsOf(context, messages.map(({ id }) => id).reverse()), cursor };
}

async function itemsOf(context: TriggerContext, ids: readonly string[]): Promise<Polled['items']> {
  const items: { key: string; body: Json }[] = [];
  for (const id of ids) {
    const body = await readMessage(context, id);
    if (body) items.push({ key: id, body });
  }
  return items;
}

/** Undefined for one that was deleted since. */
async function readMessage(context: TriggerContext, id: string): Promise<Json | undefined> {
  const query = { format: 'metadata', metadataHeaders: ['From', 'To', 'Subject', 'Date'] };
  const call = { method: 'GET', path: `${ME}/messages/{id}`, query } as const;
  try {
    const reply = await triggerCall(gmail, call, { context, settings: { id } });
    const { payload, threadId, labelIds, snippet } = checkedReply(gmail.label, message, reply);
    const header = (name: string) =>
      payload.headers.find((one) => one.name.toLowerCase() === name)?.value ?? '';
    const [from, to, subject, date] = ['from', 'to', 'subject', 'date'].map(header) as [
      string,
      string,
      string,
      string,
    ];
    return { id, threadId, labelIds, snippet, from, to, subject, date };
  } catch (error) {
    if (isForgotten(error)) return undefined;
    throw error;
  }
}

function isForgotten(error: unknown): boolean {
  if (!(error instanceof StepFailure)) return false;
  return (error.error.detail as { readonly status?: unknown } | undefined)?.status === 404;
}
