import type { Json } from '#core/json.ts';

/** One statement, in a transaction of its own. */
export interface Statement {
  readonly text: string;
  readonly values: readonly Json[];
  readonly isReadOnly: boolean;
  /** More are an error. */
  readonly maxRows: number;
}
