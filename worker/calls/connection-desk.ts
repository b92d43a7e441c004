import type { OpenConnection } from '#connectors/contract.ts';
import type { BriefOpen } from '#worker/briefly.ts';

/** Renewing did not help: so long nothing is renewed because of a refusal. A call may be refused for itself, again and again. */
const USELESS_MS = 60_000;

export interface ConnectionSource {
  /** Null when the workspace has no such connection. */
  readonly openConnection: ((workspaceId: string, slug: string) => Promise<OpenConnection | null>) &
    Partial<Pick<BriefOpen, 'forget'>>;
  /** Whether opening a connection again gives another token than the one of this version, which was refused. Default: never. */
  readonly renewConnection?: (workspaceId: string, slug: string, version: number) => Promise<boolean>;
}

/** Opens connections for calls, and opens them again where a call is refused. */
export class ConnectionDesk {
  readonly #source: ConnectionSource;
  readonly #useless = new Map<string, number>();

  constructor(source: ConnectionSource) {
    this.#source = source;
  }

  open(workspaceId: string, slug: string): Promise<OpenConnection | null> {
    return this.#source.openConnection(workspaceId, slug);
  }

  /**
   * A call was refused with this connection's token. Resolves to the connection with another token, which is worth one more try; null
   * where there is none. Throws as opening does.
   */
  async reopen(workspaceId: string, slug: string, refused: OpenConnection): Promise<OpenConnection | null> {
    const { openConnection, renewConnection } = this.#source;
    const { token } = refused;
    if (!token || !renewConnection) return null;
    const known = await openConnection(workspaceId, slug);
    if (known && known.token?.version !== token.version) return known;
    if (this.#isUseless(`${workspaceId} ${slug}`)) return null;
    openConnection.forget?.(workspaceId, slug);
    if (!(await renewConnection(workspaceId, slug, token.version))) return null;
    // Who opened it meanwhile may have got the old one.
    openConnection.forget?.(workspaceId, slug);
    return openConnection(workspaceId, slug);
  }

  /** The call was refused with the other token, too. */
  noteUseless(workspaceId: string, slug: string): void {
    this.#useless.set(`${workspaceId} ${slug}`, performance.now() + USELESS_MS);
  }

  #isUseless(key: string): boolean {
    const until = this.#useless.get(key);
    if (until === undefined) return false;
    if (until > performance.now()) return true;
    this.#useless.delete(key);
    return false;
  }
}
