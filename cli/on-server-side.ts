import { existsSync } from 'node:fs';

import type { Env } from '#server/env.ts';
import { CliError } from './cli-error.ts';

/** Errors whose message says all. */
const PLAIN = ['BackupError', 'EmbeddedPostgresError', 'EnvironmentError', 'RotationError'];

/**
 * Runs what works on the database itself, with the environment that `npm start` would have. What it needs of `server` is loaded late, so
 * that the other commands need neither the database's driver nor its settings.
 */
export async function onServerSide<T>(work: (env: Env) => Promise<T>): Promise<T> {
  const { parseEnv } = await import('#server/env.ts');
  try {
    if (existsSync('.env')) process.loadEnvFile('.env');
    return await work(parseEnv(process.env));
  } catch (error) {
    if (error instanceof Error && PLAIN.includes(error.name)) throw new CliError(error.message);
    throw error;
  }
}
