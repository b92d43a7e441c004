import type { ConnectorDef, HttpResponse } from '#connectors/contract.ts';
import { readResetIn } from '#connectors/http/read-reset.ts';
import { replyFault, type ReplyFault } from '#connectors/http/reply-fault.ts';
import { replyDetail, statusInWords } from '#connectors/http/status-failure.ts';
import type { Json } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';
import type { FailureFacts, KnownFailure } from './http-call.ts';
import { readPointer, readText, textsAt } from './pointer.ts';

/** What to do about a status that a vendor says no more of. */
const REMEDIES: Readonly<Record<number, string>> = {
  401: 'The connection was not accepted: connect it again.',
  403: 'The account of the connection may not do this: check its rights and the scopes that were granted.',
  404: 'There is no such thing, or the account of the connection may not see it.',
};
const MAX_SAID = 300;

/** The failure that a reply is, by the status and by what the vendor is known to mean; null for one that is none. */
export function replyFailure(
  connector: Pick<ConnectorDef, 'label' | 'http'>,
  response: HttpResponse,
  body: Json,
): StepFailure | null {
  const facts = connector.http?.failures ?? {};
  const code = readText(body, facts.code ?? []);
  const known = knownFailure(facts, code, response.status);
  if (known?.isDone === true) return null;
  const fault = faultOf(response, body, { facts, known });
  if (fault === null) return null;
  return new StepFailure({
    ...fault,
    code: response.status < 300 ? 'vendor_refused' : 'http_status',
    message: messageOf(connector.label, response.status, {
      code,
      known,
      said: textsAt(body, facts.message ?? []).join('; '),
    }),
    detail: { ...replyDetail(response, body), ...(code !== undefined && { code }) },
  });
}

function knownFailure(
  { known = {} }: FailureFacts,
  code: string | undefined,
  status: number,
): KnownFailure | undefined {
  const found = (name: string) => (Object.hasOwn(known, name) ? known[name] : undefined);
  return (code === undefined ? undefined : found(code)) ?? found(String(status));
}

function faultOf(
  response: HttpResponse,
  body: Json,
  { facts, known }: { readonly facts: FailureFacts; readonly known: KnownFailure | undefined },
): ReplyFault | null {
  const { isFailure, resetHeaders = [] } = facts;
  const byStatus = replyFault(response, true);
  const isFailed = byStatus !== null || (isFailure && readPointer(body, isFailure.at) === isFailure.is);
  if (!isFailed) return null;
  const kind = known?.kind ?? byStatus?.kind ?? 'invalid';
  if (kind !== 'throttled') return { ...byStatus, kind };
  const waitMs = known?.waitSeconds === undefined ? undefined : known.waitSeconds * 1_000;
  const retryAfterMs =
    byStatus?.retryAfterMs ?? firstReset(response, ['retry-after', ...resetHeaders]) ?? waitMs;
  return { kind, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

function firstReset({ headers }: HttpResponse, names: readonly string[]): number | undefined {
  for (const name of names) {
    const found = readResetIn(headers, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function messageOf(
  label: string,
  status: number,
  told: {
    readonly code: string | undefined;
    readonly known: KnownFailure | undefined;
    readonly said: string;
  },
): string {
  const word = status < 300 ? (told.code ?? 'refused') : statusInWords(status);
  const said = shorten((told.said || (status < 300 ? '' : (told.code ?? ''))).replace(/\s+/g, ' ').trim());
  const remedy = told.known?.says ?? REMEDIES[status] ?? '';
  const sentence = said === '' || said === word ? '' : `: ${said}`;
  return `${label} refused the call (${word})${/[.!?]$/.test(sentence) || remedy === '' ? sentence : `${sentence}.`} ${remedy}`
    .trim()
    .replace(/([^.!?…])$/, '$1.');
}

function shorten(text: string): string {
  return text.length > MAX_SAID ? `${text.slice(0, MAX_SAID)}…` : text;
}
