/** What a person is told on stderr, without a stack; the command ends with `exitCode`. */
export class CliError extends Error {
  override name = 'CliError';
  readonly exitCode: number;

  /** `exitCode`: 1 for what failed (default), 2 for a command that was not written right. */
  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
