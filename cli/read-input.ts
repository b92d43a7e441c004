import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

import type { Json } from '#core/json.ts';
import { CliError } from './cli-error.ts';

/** How a command is given a JSON value. */
export interface InputOptions {
  readonly input?: string;
  readonly inputFile?: string;
}

/** The value of `--input`, or of the file that `--input-file` names; undefined without either. */
export async function readInput({ input, inputFile }: InputOptions): Promise<Json | undefined> {
  if (input !== undefined && inputFile !== undefined)
    throw new CliError('Give the input by --input or by --input-file, not by both.', 2);
  if (inputFile !== undefined) return readJsonFile(inputFile);
  return input === undefined ? undefined : parseJsonText(input, 'The value of --input');
}

/** The JSON in a file; `-` reads standard input. Throws `CliError` that names the file and what is wrong. */
export async function readJsonFile(file: string): Promise<Json> {
  return parseJsonText(await readText(file), nameOf(file));
}

/** Parses JSON that was given as `name`. */
export function parseJsonText(source: string, name: string): Json {
  try {
    return JSON.parse(source) as Json;
  } catch (error) {
    throw new CliError(`${name} is not JSON: ${(error as Error).message}.`);
  }
}

async function readText(file: string): Promise<string> {
  try {
    return file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
  } catch (error) {
    throw new CliError(`Cannot read ${nameOf(file)}: ${(error as Error).message}.`);
  }
}

function nameOf(file: string): string {
  return file === '-' ? 'The standard input' : file;
}
