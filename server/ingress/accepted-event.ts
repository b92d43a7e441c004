/** An event that passed every check, ready to be stored. */
export interface AcceptedEvent {
  readonly eventId: string;
  /** Null for a quarantined event, which starts no run. */
  readonly runId: string | null;
  /** SHA-256 of the hook's token, in hex. */
  readonly tokenHash: string;
  readonly flowId: string;
  /** The version that the event was checked against, and that its run is pinned to. */
  readonly versionId: string;
  readonly versionNumber: number;
  readonly connectionSlug: string | null;
  /** When the connection that it was checked with was changed last; null when there is none. */
  readonly connectionStamp: string | null;
  readonly dedupeKey: string | null;
  readonly method: string;
  /** JSON text that jsonb takes. */
  readonly query: string;
  /** JSON text that jsonb takes, credentials taken out. */
  readonly headers: string;
  readonly body: Buffer;
  readonly contentType: string;
  readonly remoteAddress: string;
  readonly verified: string;
  /** JSON text, null unless quarantined. */
  readonly quarantine: string | null;
  /** What its run stands in line by; both null for a flow without the setting. */
  readonly concurrencyKey: string | null;
  readonly concurrencyLimit: number | null;
  /** JSON text that jsonb takes: what the run is about; null for a flow without the setting. */
  readonly businessKey: string | null;
}

/** What became of it. */
export type Outcome =
  | {
      readonly kind: 'stored';
      readonly eventId: string;
      readonly runId: string | null;
      readonly isDuplicate: boolean;
    }
  /** The flow, its version or its connection changed in the meantime: check it again. */
  | { readonly kind: 'outdated' }
  /** The queue is full. */
  | { readonly kind: 'busy' }
  /** Not stored, or nobody knows: the sender must send it again. */
  | { readonly kind: 'unavailable' };
