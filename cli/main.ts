import { Command, CommanderError } from 'commander';

import { addApiKeyCommands } from './api-key-commands.ts';
import { addAuditCommands } from './audit-commands.ts';
import { addBackupCommands } from './backup-commands.ts';
import { addBulkCommands } from './bulk-commands.ts';
import { CliError } from './cli-error.ts';
import { addConnectionCommands } from './connection-commands.ts';
import { addDeadLetterCommands } from './dead-letter-commands.ts';
import { addFlowCommands } from './flow-commands.ts';
import { addKeysCommands } from './keys-commands.ts';
import { addRunCommands } from './run-commands.ts';

const HELP = `
Environment:
  PATCHBAY_URL      where Patchbay is (default http://127.0.0.1:3000)
  PATCHBAY_API_KEY  an API key of your workspace
  backup, restore and keys read DATABASE_URL or PATCHBAY_DATA_DIR instead, and keys the master key, as npm start does`;

process.exitCode = await main(process.argv.slice(2));

/** Runs one command. Returns the exit code: 0 done, 1 failed, 2 not written right. */
async function main(args: readonly string[]): Promise<number> {
  try {
    await makeProgram().parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has printed its own message, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof CliError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
}

function makeProgram(): Command {
  const program = new Command('patchbay')
    .description(
      'Flows, runs, dead letters, connections, API keys and the audit log of a Patchbay, over its REST API.',
    )
    .option('--json', 'print JSON, as the API replies it')
    .addHelpText('after', HELP);
  addFlowCommands(program);
  addRunCommands(program);
  addDeadLetterCommands(program);
  addBulkCommands(program);
  addConnectionCommands(program);
  addApiKeyCommands(program);
  addAuditCommands(program);
  addBackupCommands(program);
  addKeysCommands(program);
  overrideExits(program);
  return program;
}

/** Without it Commander ends the process itself, with code 1 for what is 2 here. */
function overrideExits(command: Command): void {
  command.exitOverride();
  command.showHelpAfterError('(add --help for what it takes)');
  command.commands.forEach(overrideExits);
}
