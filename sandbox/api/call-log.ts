const KEPT_CALLS = 60;

/** One call of the API, for the Trouble page. */
export interface LoggedCall {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** A person's name, a client's id, or nobody. */
  readonly caller: string | null;
  readonly idempotencyKey: string | null;
  /** The reply was given before; nothing was done. */
  readonly isRepeated: boolean;
}

export interface CallLog {
  add(call: LoggedCall): void;
  /** The latest first. */
  list(): readonly LoggedCall[];
}

/** The latest calls, in memory only: they tell what happens now. */
export function createCallLog(): CallLog {
  const calls: LoggedCall[] = [];
  return {
    add: (call) => {
      calls.unshift(call);
      calls.length = Math.min(calls.length, KEPT_CALLS);
    },
    list: () => calls,
  };
}
