import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import type { HttpClient, HttpRequest, OpenConnection } from '#connectors/contract.ts';
import type { Dialer } from '#connectors/dialer.ts';
import type { Effect } from '#core/flow-document.ts';
import { ConnectionAway } from '#server/connections/connection-away.ts';
import { log } from '#server/log.ts';
import type { BreakerPlace } from '#server/sql/breakers.ts';
import type { BudgetDesk } from '#worker/calls/budget-desk.ts';
import { callAs } from '#server/connections/call-as.ts';
import type { CallGate, Pass } from '#worker/calls/call-gate.ts';
import type { ConnectionDesk } from '#worker/calls/connection-desk.ts';
import { HeldBack, type Hold } from '#worker/calls/held-back.ts';
import { outcomeOfError, outcomeOfReply } from '#worker/calls/outcome-of.ts';
import { parked } from '#worker/calls/parked.ts';
import { shownBy } from '#server/connections/shown-by.ts';
import type { Redaction } from '#worker/redact.ts';
import { patiently, unreadable } from '#worker/required-connection.ts';

/** How long a call waits when the database cannot book it. */
const UNSURE_MS = 1_000;

export interface CallServices {
  readonly http: HttpClient;
  readonly dial: Dialer;
  readonly gate: Pick<CallGate, 'check' | 'pass' | 'urge' | 'follow'>;
  readonly desk: BudgetDesk;
  readonly connections: Pick<ConnectionDesk, 'reopen' | 'noteUseless'>;
  /** The database's time, in milliseconds since 1970. */
  now(): number;
}

/** An attempt that makes calls. */
export interface CallingAttempt {
  readonly workspaceId: string;
  /** The connection that its step names. */
  readonly slug: string | undefined;
  readonly connection: OpenConnection | undefined;
  /** The slot of the connection's budget that its step waited for. */
  readonly slot: number | null;
  /** True where a person wants it tried now: it goes past a breaker. */
  readonly isUrged: boolean;
  /** True where breakers hold nothing back, though what comes of its calls counts. Default false. */
  readonly isUpkeep?: boolean;
  /** True where the first call, too, waits for the budget inside the attempt, as far as its time goes. Default false. */
  readonly waitsForBudget?: boolean;
  readonly effect: Effect | 'pure';
  /** Where its calls stand in a trace; absent where nothing is traced. */
  readonly traceparent?: string | undefined;
  /** Learns every further secret that calls are made with. */
  readonly redaction: Redaction;
  /** What is left of the attempt's time. */
  leftMs(): number;
}

/** The calls of one attempt. */
export interface AttemptCalls {
  readonly http: HttpClient;
  /** A connection that is dialled counts as a call, as far as it comes about. */
  readonly dial: Dialer;
  /** Why the step waits, and this was no attempt. */
  readonly hold: Hold | null;
  /** Ends what was dialled. */
  close(): void;
}

/**
 * The HTTP client of one attempt, behind breakers and budgets. Only its first call is held back: nothing was sent then, so it
 * is no attempt, whatever the step's effect. Calls after the first go past the breaker, and wait for the budget inside the attempt:
 * to begin it anew would repeat those that were made. A call whose token is refused is made once more with another one; where
 * there is none to be had, the step waits for its connection, unless that would repeat a call that must not be.
 */
export function attemptCalls(attempt: CallingAttempt, services: CallServices): AttemptCalls {
  const { http, gate, desk } = services;
  let current = attempt.connection;
  let hold: Hold | null = null;
  let hasBegun = false;
  let sent = 0;
  /** Of those sent: the far end refused the token, and carried nothing out. */
  let refusals = 0;
  const placeOf = (request: HttpRequest): BreakerPlace | undefined => {
    const scope = attempt.slug === undefined ? hostScope(request.url) : `connection:${attempt.slug}`;
    return scope === undefined ? undefined : { workspaceId: attempt.workspaceId, scope };
  };
  const book = (slot: number | null) => desk.book(attempt.workspaceId, attempt.slug ?? '', slot);
  const hasBudget = attempt.connection?.budget !== undefined;

  const first = async (place: BreakerPlace, signal: AbortSignal | undefined): Promise<Pass> => {
    const goesPast = attempt.isUrged || attempt.isUpkeep === true;
    if (!goesPast) gate.check(place);
    const slot = hasBudget ? await bookFirst(place) : null;
    if (slot !== null) {
      const isInTime = attempt.waitsForBudget === true && slot - services.now() < attempt.leftMs();
      if (!isInTime) throw new HeldBack({ for: 'budget', until: slot, scope: place.scope });
      await awaitTurn(slot, signal);
    }
    if (attempt.isUpkeep) return gate.follow(place);
    return attempt.isUrged ? gate.urge(place) : gate.pass(place);
  };
  const bookFirst = (place: BreakerPlace) =>
    book(attempt.slot).catch((error: unknown) => {
      log.debug({ err: error, part: 'budget' }, 'a call could not be booked');
      throw new HeldBack({ for: 'breaker', until: services.now() + UNSURE_MS, scope: place.scope });
    });
  const further = async (place: BreakerPlace, signal: AbortSignal | undefined): Promise<Pass> => {
    await awaitTurn(hasBudget ? await book(null) : null, signal);
    return gate.follow(place);
  };
  const awaitTurn = async (booked: number | null, signal: AbortSignal | undefined): Promise<void> => {
    for (let slot = booked; slot !== null; slot = await book(slot))
      await sleep(Math.max(0, slot - services.now()), undefined, signal && { signal });
  };
  const held = (back: HeldBack): HeldBack => {
    hold = back.hold;
    return back;
  };

  const admit = async (place: BreakerPlace, signal: AbortSignal | undefined): Promise<Pass> => {
    const pass = await (hasBegun ? further(place, signal) : first(place, signal)).catch((error: unknown) => {
      throw error instanceof HeldBack ? held(error) : error;
    });
    hasBegun = true;
    sent += 1;
    return pass;
  };

  const send: HttpClient = async (request) => {
    if (request.isAuthenticated) attempt.redaction.addShown(shownBy(request));
    const place = placeOf(request);
    // The egress client says what is wrong with such an address.
    if (!place) return http(request);
    const pass = await admit(place, request.signal);
    try {
      const reply = await http(request);
      pass.end(outcomeOfReply(request, reply));
      return reply;
    } catch (error) {
      pass.end(outcomeOfError(error));
      throw error;
    }
  };
  const reopen = async (refused: OpenConnection): Promise<OpenConnection | null> => {
    refusals += 1;
    const { workspaceId, slug = '' } = attempt;
    const asking = services.connections.reopen(workspaceId, slug, refused);
    try {
      const other = await patiently(asking, { slug, leftMs: attempt.leftMs() });
      attempt.redaction.add(other);
      current = other ?? current;
      return other;
    } catch (error) {
      // The refusal stands: to begin the attempt anew would repeat what was carried out.
      if (attempt.effect === 'once' && sent > refusals) return null;
      throw error instanceof ConnectionAway ? held(parked(error, services.now())) : unreadable(slug, error);
    }
  };

  const onRefusedAgain = () => {
    refusals += 1;
    services.connections.noteUseless(attempt.workspaceId, attempt.slug ?? '');
  };
  const dialled = new Set<Socket>();
  const dial: Dialer = async (target) => {
    const scope =
      attempt.slug === undefined ? `host:${target.host}:${target.port}` : `connection:${attempt.slug}`;
    const place = { workspaceId: attempt.workspaceId, scope };
    const pass = await admit(place, target.signal);
    try {
      const socket = await services.dial(target);
      dialled.add(socket.once('close', () => dialled.delete(socket)));
      pass.end({ kind: 'well' });
      return socket;
    } catch (error) {
      pass.end(outcomeOfError(error));
      throw error;
    }
  };
  const { workspaceId } = attempt;
  const caller = { workspaceId, now: () => services.now(), send, reopen, onRefusedAgain };
  return {
    http: (asked) => callAs(traced(asked, attempt.traceparent), { ...caller, connection: current }),
    dial,
    get hold() {
      return hold;
    },
    // In a turn of its own: Node crashes where a socket goes before its TLS layer in the middle of a handshake.
    close: () => dialled.forEach((socket) => setImmediate(() => socket.destroy())),
  };
}

/** With the header that makes the far end's work part of the trace, unless the step sets one itself. Added before a call is signed. */
function traced(request: HttpRequest, traceparent: string | undefined): HttpRequest {
  if (traceparent === undefined) return request;
  const hasOwn = Object.keys(request.headers ?? {}).some((name) => name.toLowerCase() === 'traceparent');
  return hasOwn ? request : { ...request, headers: { ...request.headers, traceparent } };
}

function hostScope(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname, port } = new URL(address);
  if (protocol !== 'http:' && protocol !== 'https:') return undefined;
  return `host:${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}
