/** Bounds of one job. Honest code stays far below. */
export const SANDBOX_LIMITS = {
  /** Bytes of UTF-8 that the input, as JSON text, may have. */
  inputBytes: 4_194_304,
  /** The same for what comes back. */
  outputBytes: 4_194_304,
  /** Levels of objects and lists in what comes back. */
  outputDepth: 200,
  /** Lines of `console` that leave the process (the step keeps fewer), characters of all, and of each. */
  logLines: 2_000,
  logLength: 200_000,
  logLineLength: 2_000,
  /** Bytes of the engine's stack. With more, V8's own stack ends first. */
  stackBytes: 131_072,
  /** Milliseconds that a job which the engine cannot interrupt has after its deadline, until its process is killed. */
  graceMs: 100,
} as const;
