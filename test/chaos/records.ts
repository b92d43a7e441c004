/** What the three witnesses of a run of `npm run chaos` wrote down. Times are in milliseconds since 1970, of one machine. */
export interface Records {
  readonly plan: Plan;
  /** The sender: what it saw acknowledged. */
  readonly acks: readonly Ack[];
  /** The far ends: what they received. */
  readonly calls: readonly Call[];
  /** The proxies before them: what became of each call on its way. */
  readonly passages: readonly Passage[];
  readonly kills: readonly Kill[];
  /** The database, at the end. */
  readonly runs: readonly RunRow[];
  readonly steps: readonly StepRow[];
  /** Attempts that took longer than they may, as the product says. */
  readonly timeouts: readonly Timeout[];
  /** Steps that stood in doubt before anybody settled them. */
  readonly doubts: readonly Doubt[];
  /** What the product itself counts. */
  readonly ledger: LedgerSummary;
}

export interface Plan {
  readonly events: number;
  readonly kills: number;
  /** Acknowledged by the time that the plan says, with little grace. */
  readonly acknowledgedInTime: number;
}

export interface Ack {
  /** The sender's own id of the event, the same in all its sends. */
  readonly event: string;
  readonly flow: string;
  readonly runId: string;
  readonly at: number;
  /** How often it was sent until it was acknowledged. */
  readonly sends: number;
}

/** Which of the three far ends: one that honours idempotency keys, one that ignores them, one for calls that are made once. */
export type End = 'a' | 'b' | 'c';

/** Which step of which run, as the request said. */
export interface CallName {
  readonly end: End;
  readonly key: string;
  readonly run: string;
  readonly event: string;
  readonly node: string;
  /** Loop path; empty outside loops. */
  readonly item: string;
}

export interface Call extends CallName {
  readonly at: number;
  /** `known`: the key was seen before and nothing happened again. `refused`: answered 503, nothing happened. */
  readonly did: 'effect' | 'known' | 'refused';
}

export interface Passage extends CallName {
  /** The first byte came from the worker. */
  readonly at: number;
  readonly fault: string;
  /** The far end's status; null when the request was not passed on or not answered. */
  readonly status: number | null;
  /** The whole reply was handed to the worker's side; null when it was not. */
  readonly deliveredAt: number | null;
}

export interface Kill {
  readonly at: number;
  readonly target: 'web' | 'worker' | 'postgres';
  readonly pid: number;
}

export interface RunRow {
  readonly id: string;
  readonly event: string;
  readonly flow: string;
  readonly status: string;
  readonly errorCode: string | null;
}

export interface StepRow {
  readonly run: string;
  readonly node: string;
  readonly item: string;
  readonly status: string;
  readonly finishedAt: number | null;
}

export interface Timeout {
  readonly run: string;
  readonly node: string;
  readonly item: string;
  readonly at: number;
}

export interface Doubt {
  readonly run: string;
  readonly node: string;
  readonly item: string;
  /** Of the error: `worker_gone`, `timeout`, … */
  readonly code: string;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly settledAs: 'done' | 'retry';
}

export interface LedgerSummary {
  readonly flows: readonly {
    readonly flow: string;
    readonly accepted: number;
    readonly deduplicated: number;
    readonly drift: number;
    /** By status. */
    readonly runs: Readonly<Record<string, number>>;
  }[];
  /** What the product finds wrong in its own rows. */
  readonly faults: readonly string[];
}
