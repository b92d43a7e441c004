import { textOf } from '#connectors/kit/text-of.ts';
import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';

/** A message as Gmail sends it, a tree of parts in base64, as steps use it. */
export function readMessage(message: Json): JsonObject {
  const { id, threadId, labelIds, snippet, payload } = isJsonObject(message) ? message : {};
  const root = isJsonObject(payload) ? payload : {};
  const parts = partsOf(root);
  const partsText = (type: string) =>
    parts
      .filter((part) => part['mimeType'] === type && !isAttached(part))
      .map(bodyText)
      .join('');
  return {
    id: id ?? '',
    threadId: threadId ?? '',
    labelIds: labelIds ?? [],
    from: headerOf(root, 'from'),
    to: headerOf(root, 'to'),
    subject: headerOf(root, 'subject'),
    date: headerOf(root, 'date'),
    snippet: snippet ?? '',
    text: partsText('text/plain'),
    html: partsText('text/html'),
    attachments: parts.filter(isAttached).map(attachment),
  };
}

/** A header of a message or of its part, whatever the case of its name; empty for none. */
export function headerOf({ headers }: JsonObject, name: string): string {
  const all = Array.isArray(headers) ? (headers as readonly Json[]).filter(isJsonObject) : [];
  const found = all.find((each) => textOf(each['name']).toLowerCase() === name);
  return typeof found?.['value'] === 'string' ? found['value'] : '';
}

function partsOf(part: JsonObject): readonly JsonObject[] {
  const inner = Array.isArray(part['parts']) ? (part['parts'] as readonly Json[]).filter(isJsonObject) : [];
  return [part, ...inner.flatMap(partsOf)];
}

function isAttached({ filename, body }: JsonObject): boolean {
  return filename !== undefined && filename !== '' && isJsonObject(body);
}

function bodyText({ body }: JsonObject): string {
  const data = isJsonObject(body) ? body['data'] : undefined;
  return typeof data === 'string' ? Buffer.from(data, 'base64url').toString('utf8') : '';
}

function attachment({ filename, mimeType, body }: JsonObject): JsonObject {
  const { attachmentId, size } = isJsonObject(body) ? body : {};
  return { id: attachmentId ?? '', name: filename ?? '', type: mimeType ?? '', size: size ?? 0 };
}
