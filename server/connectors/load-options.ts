import { z } from 'zod';

import type { ConnectorDef, HttpClient, OpenConnection } from '#connectors/contract.ts';
import { findConnector } from '#connectors/definitions.ts';
import type { CallContext } from '#connectors/kit/build-call.ts';
import { type OptionLoader, SEARCH, searches, settingsOf } from '#connectors/kit/http-call.ts';
import { loadPage } from '#connectors/kit/load-page.ts';
import { readText } from '#connectors/kit/pointer.ts';
import type { PageMark } from '#connectors/kit/read-pages.ts';
import type { Choice } from '#core/api/choices.ts';
import type { Page } from '#core/api/common.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';
import { callAs } from '#server/connections/call-as.ts';
import { ConnectionAway } from '#server/connections/connection-away.ts';
import { openConnection, reopenConnection } from '#server/connections/open-connection.ts';
import { secretsOf } from '#server/connections/secrets-of.ts';
import { shownBy } from '#server/connections/shown-by.ts';
import { decodeCursor, encodeCursor } from '#server/db/page-cursor.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { egressClient } from '#server/egress/egress-client.ts';
import { hideSecrets } from '#server/hide-secrets.ts';
import { notFound, ProblemError } from '#server/problem.ts';

/** Somebody waits for it with the mouse in hand. */
const TIMEOUT_MS = 15_000;
/** Where the vendor cannot search, so many pages are looked through at a time. */
const PAGES_A_SEARCH = 5;

const markSchema = z.strictObject({ mark: z.union([z.string(), z.number()]) });

/** Which list, and what it is asked for. */
export interface AskedOptions {
  readonly connector: string;
  readonly loader: string;
  /** The connection's slug. */
  readonly connection: string;
  readonly settings: JsonObject;
  readonly search: string;
  readonly cursor?: string;
  readonly signal: AbortSignal;
}

/**
 * What a setting can be chosen from, as the connected account has it now: a page. Throws a problem: 404 for a list or a connection
 * that there is not for this member, 422 for a connection of another kind or a setting that the list depends on, 502 for what
 * the far end says. The caller has authorised the use of the connection.
 */
export async function loadOptions(
  { workspaceId, userId }: { readonly workspaceId: string; readonly userId: string | null },
  asked: AskedOptions,
  http: HttpClient = egressClient(),
): Promise<Page<Choice>> {
  const { connector, loader } = findLoader(asked);
  const connection = await openConnection(workspaceId, asked.connection).catch((error: unknown) =>
    awayProblem(error, userId),
  );
  // One of another member alone is not there.
  if (!connection || (connection.onlyFor !== undefined && connection.onlyFor !== userId))
    throw notFound(`connection “${asked.connection}” in this workspace`);
  refuseOtherKinds(connector, connection);
  const settings = neededSettings(loader, asked.settings);
  const secrets = new Set(secretsOf(connection));
  const context = callContext(workspaceId, connection, { http, asked, secrets });
  const hide = <T extends Json>(value: T) => hideSecrets(value, [...secrets]);
  const load = (mark: PageMark) =>
    loadPage({ connector, loader, mark }, { ...settings, ...searchOf(asked.search) }, context);
  const mark = decodeCursor(asked.cursor, markSchema)?.mark ?? null;
  return readChoices(load, { loader, search: asked.search, mark, hide }).catch((error: unknown) => {
    if (error instanceof StepFailure) throw refused(error, hide(error.error.message));
    awayProblem(error, userId);
    throw error;
  });
}

/** For `catch`: a connection that somebody has to connect first; null for another member's. */
function awayProblem(thrown: unknown, userId: string | null): null {
  if (!(thrown instanceof ConnectionAway)) throw thrown;
  if (thrown.onlyFor !== undefined && thrown.onlyFor !== userId) return null;
  throw unusable(thrown.code, thrown.message, '/connection');
}

function findLoader({ connector: id, loader: name }: AskedOptions): {
  readonly connector: ConnectorDef;
  readonly loader: OptionLoader;
} {
  const connector = findConnector(id);
  const loaders = connector?.optionLoaders ?? {};
  const loader = Object.hasOwn(loaders, name) ? loaders[name] : undefined;
  if (!connector || !loader)
    throw notFound(`list “${name.slice(0, 63)}” of a connector “${id.slice(0, 63)}”`);
  return { connector, loader };
}

function refuseOtherKinds({ id, label, operations }: ConnectorDef, connection: OpenConnection): void {
  const kinds = new Set([
    id,
    ...operations.flatMap(({ connectors }) =>
      Array.isArray(connectors) ? (connectors as readonly string[]) : [],
    ),
  ]);
  if (kinds.has(connection.connector)) return;
  const message = `The connection is of the kind “${connection.connector}”. ${label} takes ${[...kinds].join(' or ')}.`;
  throw unusable('connection_not_taken', message, '/connection');
}

/** Of a step's settings those that the list depends on, so that nothing else leaves. */
function neededSettings({ call }: OptionLoader, given: JsonObject): JsonObject {
  const names = [...settingsOf(call)].filter((name) => name !== 'limit');
  const missing = names.find((name) => !isFilledIn(given[name]));
  if (missing !== undefined)
    throw unusable(
      'setting_missing',
      `The list depends on “${missing}”. Fill that in first.`,
      `/settings/${missing}`,
    );
  return Object.fromEntries(names.map((name) => [name, given[name] ?? null]));
}

/** An expression is decided by the run: nothing can be listed for it. */
function isFilledIn(value: Json | undefined): boolean {
  return (
    (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean'
  );
}

function searchOf(search: string): JsonObject {
  return search === '' ? {} : { [SEARCH]: search };
}

function callContext(
  workspaceId: string,
  connection: OpenConnection,
  {
    http,
    asked,
    secrets,
  }: { readonly http: HttpClient; readonly asked: AskedOptions; readonly secrets: Set<string> },
): CallContext {
  const { connection: slug, signal } = asked;
  let current: OpenConnection | undefined = connection;
  const learn = (shown: readonly string[]) => shown.forEach((secret) => secrets.add(secret));
  const reopen = async (refused: OpenConnection): Promise<OpenConnection | null> => {
    const other = await reopenConnection(workspaceId, slug, refused);
    current = other ?? current;
    if (other) learn(secretsOf(other));
    return other;
  };
  const send: HttpClient = (request) => {
    if (request.isAuthenticated) learn(shownBy(request));
    return http(request);
  };
  const caller = { workspaceId, send, now: Date.now, reopen, onRefusedAgain: () => undefined };
  return {
    http: (request) => callAs({ ...request, isAuthenticated: true }, { ...caller, connection: current }),
    idempotencyKey: uuidv7(),
    signal,
    timeoutMs: TIMEOUT_MS,
  };
}

async function readChoices(
  load: (mark: PageMark) => ReturnType<typeof loadPage>,
  {
    loader,
    search,
    mark: first,
    hide,
  }: {
    readonly loader: OptionLoader;
    readonly search: string;
    readonly mark: PageMark;
    /** Takes the account's secrets out: whoever may use a connection may not see them. */
    readonly hide: <T extends Json>(value: T) => T;
  },
): Promise<Page<Choice>> {
  const data: Choice[] = [];
  const isOurs = search !== '' && !searches(loader.call);
  let mark = first;
  for (let page = 0; page < (isOurs ? PAGES_A_SEARCH : 1); page++) {
    const { items, next } = await load(mark);
    data.push(
      ...items
        .flatMap((item) => choiceOf(loader, hide(item)))
        .filter((choice) => !isOurs || matches(choice, search)),
    );
    mark = next;
    if (mark === null || data.length >= 50) break;
  }
  return { data, next: mark === null ? null : encodeCursor({ mark: hide(mark) }) };
}

function choiceOf({ value: at, label, hint }: OptionLoader, item: Json): readonly Choice[] {
  const value = readText(item, [at]);
  if (value === undefined) return [];
  const about = hint === undefined ? undefined : readText(item, [hint]);
  return [{ value, label: readText(item, [label]) ?? value, ...(about !== undefined && { hint: about }) }];
}

function matches({ value, label, hint = '' }: Choice, search: string): boolean {
  const text = `${value} ${label} ${hint}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function refused({ error }: StepFailure, detail: string): ProblemError {
  const { kind, code, pointer, retryAfterMs } = error;
  const seconds = retryAfterMs === undefined ? undefined : String(Math.ceil(retryAfterMs / 1_000));
  const isOurs = kind === 'invalid' && pointer !== undefined;
  return new ProblemError({
    status: isOurs ? 422 : 502,
    code,
    title: 'The list could not be loaded',
    detail,
    ...(seconds !== undefined && { headers: { 'retry-after': seconds } }),
  });
}

function unusable(code: string, message: string, pointer: string): ProblemError {
  return new ProblemError({
    status: 422,
    code,
    title: 'The list could not be loaded',
    detail: message,
    errors: [{ pointer, message, code }],
  });
}
