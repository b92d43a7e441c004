import type { Socket } from 'node:net';

/** Where a connector that speaks something else than HTTP connects to. */
export interface DialTarget {
  /** A name or an address. */
  readonly host: string;
  readonly port: number;
  readonly signal?: AbortSignal;
  /** Set: TLS is spoken from the first byte; the server's certificate is checked against the name. Absent: nothing is encrypted. */
  readonly tls?: {
    /** Trusted instead of the public authorities; PEM. */
    readonly ca?: string | undefined;
  };
}

/**
 * Opens a TCP socket to an address that flows may call; it is the only way to one. The socket ends with the attempt. Throws
 * `StepFailure`: `egress_denied`, `dns_failed`, `connect_refused`, `connect_timeout`, `tls_failed`.
 */
export type Dialer = (target: DialTarget) => Promise<Socket>;
