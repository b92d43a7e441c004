import type { Agent } from 'undici';

import type { TlsIdentity } from '#connectors/contract.ts';
import { clientIdentity, fingerprintOf, type ClientIdentity } from '#server/egress/client-identity.ts';
import { fail } from '#server/egress/egress-failure.ts';

const MAX_AGENTS = 100;
/** An identity that was not used for so long is forgotten, its connections closed. */
const IDLE_MS = 5 * 60_000;
const LOOK_MS = 60_000;

export interface AgentsOptions {
  /** Without an identity: the agent of all calls that show none. */
  makeAgent(identity: ClientIdentity | undefined): Agent;
  /** Default 100. */
  readonly maxAgents?: number;
  /** Default 5 minutes. */
  readonly idleMs?: number;
}

interface Kept {
  readonly agent: Agent;
  readonly identity: ClientIdentity;
  usedAt: number;
}

/**
 * Agents, and with them sockets and TLS sessions: one for all that show no certificate, one for each workspace and certificate. A
 * socket on which one has shown who it is, is never given to another.
 */
export class Agents {
  readonly #options: AgentsOptions;
  readonly #plain: Agent;
  readonly #kept = new Map<string, Kept>();
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: AgentsOptions) {
    this.#options = options;
    this.#plain = options.makeAgent(undefined);
  }

  /** Throws `StepFailure` when the certificate has ended or cannot be used. */
  agentFor(tls: TlsIdentity | undefined): Agent {
    if (!tls) return this.#plain;
    const fingerprint = fingerprintOf(tls);
    const kept = this.#kept.get(fingerprint) ?? this.#make(tls);
    refuseEnded(kept.identity);
    kept.usedAt = performance.now();
    // The last in the map is the one that was used last.
    this.#kept.delete(fingerprint);
    this.#kept.set(fingerprint, kept);
    this.#letGo();
    this.#sweep ??= setInterval(() => this.#letGo(), LOOK_MS).unref();
    return kept.agent;
  }

  /** How many identities are kept. */
  get size(): number {
    return this.#kept.size;
  }

  async destroy(): Promise<void> {
    clearInterval(this.#sweep);
    const agents = [this.#plain, ...[...this.#kept.values()].map(({ agent }) => agent)];
    this.#kept.clear();
    await Promise.all(agents.map((agent) => agent.destroy()));
  }

  #make(tls: TlsIdentity): Kept {
    const identity = clientIdentity(tls);
    refuseEnded(identity);
    return { agent: this.#options.makeAgent(identity), identity, usedAt: performance.now() };
  }

  /** Those that were not used for long, and of too many the ones used least lately. Their calls under way are finished. */
  #letGo(): void {
    const { maxAgents = MAX_AGENTS, idleMs = IDLE_MS } = this.#options;
    const idleBefore = performance.now() - idleMs;
    for (const [fingerprint, { agent, usedAt }] of this.#kept) {
      if (this.#kept.size <= maxAgents && usedAt > idleBefore) break;
      this.#kept.delete(fingerprint);
      // Nobody waits for it: a connection that does not close has no more calls.
      agent.close().catch(() => undefined);
    }
  }
}

function refuseEnded({ endsAt }: ClientIdentity): void {
  if (endsAt.getTime() > Date.now()) return;
  const message = `The client certificate of the connection ended on ${endsAt.toISOString().slice(0, 10)}. Put a new one into the connection.`;
  throw fail('auth', 'client_certificate_expired', message);
}
