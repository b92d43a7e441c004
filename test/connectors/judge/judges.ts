import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { acmeCases } from './cases/acme.ts';
import type { JudgeCases } from './cases/case.ts';
import { githubCases } from './cases/github.ts';
import type { JudgeSpec } from './judge-request.ts';

/** What judges the requests of a connector. */
export interface Judge {
  readonly cases: JudgeCases;
  /** Files in `specs`, without their ending. */
  readonly specs: readonly string[];
}

/** By connector. */
export const JUDGES: Readonly<Record<string, Judge>> = {
  acme: { cases: acmeCases, specs: ['acme'] },
  github: { cases: githubCases, specs: ['github'] },
};

/** A committed specification. */
export async function readSpec(name: string): Promise<JudgeSpec> {
  return JSON.parse(await readFile(join(import.meta.dirname, 'specs', `${name}.json`), 'utf8')) as JudgeSpec;
}
