import type { HookHeaders } from '#server/ingress/read-headers.ts';

/** What a scheme is given to decide whether a request is genuine. */
export interface Verification {
  readonly headers: HookHeaders;
  /** The bytes as they came: nothing unpacked, nothing parsed. */
  readonly body: Buffer;
  readonly nowMs: number;
  readonly method: string;
  /** The address that was called, as senders know it. */
  readonly url: string;
  /** The fields of the node's connection; empty when it has none. */
  readonly fields: Readonly<Record<string, string>>;
}

/** True when the request is genuine. Never throws for anything a sender can write; false when no secret is set. */
export type Verify = (request: Verification) => boolean | Promise<boolean>;

/** The secrets that are valid now: `secret`, and `previousSecret` while a rotation lasts. Empty ones do not count. */
export function currentSecrets(fields: Readonly<Record<string, string>>): readonly string[] {
  return [fields['secret'], fields['previousSecret']].filter(
    (secret) => secret !== undefined && secret !== '',
  ) as string[];
}
