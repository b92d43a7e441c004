import type { Command } from 'commander';

/** True when `--json` stands anywhere on the command line. */
export function isJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: boolean }>().json === true;
}
