import type { HandlerDef } from '#connectors/handle-action.ts';
import { type HandWritten, handWritten } from '#connectors/kit/hand-written.ts';
import { type HttpCall, setting } from '#connectors/kit/http-call.ts';
import { httpHandlers } from '#connectors/kit/http-handlers.ts';
import { textOf } from '#connectors/kit/text-of.ts';
import { isJsonObject, type Json } from '#core/json.ts';
import { gmail } from './definition.ts';
import { headerOf, readMessage } from './read-message.ts';
import { writeMessage } from './write-message.ts';

const send: HttpCall = {
  method: 'POST',
  path: '/gmail/v1/users/me/messages/send',
  body: { raw: setting('raw'), threadId: setting('threadId') },
};
const draft: HttpCall = {
  method: 'POST',
  path: '/gmail/v1/users/me/drafts',
  body: { message: { raw: setting('raw') } },
};
const readHeaders: HttpCall = {
  method: 'GET',
  path: '/gmail/v1/users/me/messages/{messageId}',
  query: { format: 'metadata', metadataHeaders: ['From', 'Reply-To', 'Subject', 'Message-ID', 'References'] },
};

const byHand: Readonly<Record<string, HandWritten>> = {
  send_message: async (settings, call) => call(send, { raw: await writeMessage(settings) }),
  create_draft: async (settings, call) => call(draft, { raw: await writeMessage(settings) }),
  reply_to_message: async ({ messageId = '', text = '', html }, call) => {
    const message = await call(readHeaders, { messageId });
    const { payload, threadId = '' } = isJsonObject(message) ? message : {};
    const header = (name: string) => headerOf(isJsonObject(payload) ? payload : {}, name);
    const id = header('message-id');
    const subject = header('subject');
    const answer = {
      to: [header('reply-to') || header('from')],
      subject: /^re:/i.test(subject) ? subject : `Re: ${subject}`,
      text,
      ...(html !== undefined && { html }),
    };
    const answered = { inReplyTo: id, references: `${header('references')} ${id}`.trim() };
    return call(send, { raw: await writeMessage(answer, answered), threadId });
  },
};

export const gmailHandlers: readonly HandlerDef[] = [
  ...httpHandlers(gmail, { finish: { get_message: readMessage, get_attachment: inPlainBase64 } }),
  ...handWritten(gmail, byHand),
];

/** Gmail uses the alphabet for addresses. */
function inPlainBase64(reply: Json): Json {
  const { data, size = 0 } = isJsonObject(reply) ? reply : {};
  return { size, base64: Buffer.from(textOf(data), 'base64url').toString('base64') };
}
