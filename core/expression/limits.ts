/** Bounds of one expression. They stop accidents and attacks; honest mappings stay far below. */
export const EXPRESSION_LIMITS = {
  /** Characters of source. */
  sourceLength: 20_000,
  /** Milliseconds of evaluation. It blocks the process, so it is short. */
  timeoutMs: 1_000,
  /** Nesting of calls and operators while it runs. */
  depth: 1_000,
  /** Items in one sequence that JSONata builds. */
  sequence: 250_000,
  /** List items, and eighths of characters, that all intermediate results of one evaluation may have together. */
  weight: 20_000_000,
  /** The same for any one value written out, where parts that several places share count at each. */
  expandedWeight: 5_000_000,
  /** Instructions of a regular expression times characters it is applied to; about a second at worst. */
  regexWork: 25_000_000,
  /** Levels of objects and lists in a result. */
  resultDepth: 200,
  /** Characters of a result, about, as JSON: more than a step can pass on. */
  resultLength: 6_000_000,
} as const;
