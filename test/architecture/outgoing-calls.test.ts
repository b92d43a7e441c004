import { resolve } from 'node:path';

import { ESLint } from 'eslint';
import { describe, expect, test } from 'vitest';

const REPOSITORY = resolve(import.meta.dirname, '../..');

/** Runs the product's own ESLint rules on a text as if it stood in an existing file. */
async function rulesBrokenIn(source: string, filePath: string): Promise<readonly (string | null)[]> {
  const eslint = new ESLint({
    cwd: REPOSITORY,
    // Rules that need types would need the planted file on disk; the ones under test do not.
    overrideConfig: [
      {
        files: ['**/*.ts', '**/*.tsx'],
        languageOptions: { parserOptions: { projectService: false, program: null } },
      },
      { files: ['**/*.ts', '**/*.tsx'], rules: typedRulesOff },
    ],
  });
  const [result] = await eslint.lintText(source, { filePath: resolve(REPOSITORY, filePath) });
  return (result?.messages ?? []).map((message) => message.ruleId);
}

const typedRulesOff = Object.fromEntries(
  [
    'await-thenable',
    'no-base-to-string',
    'no-floating-promises',
    'no-implied-eval',
    'no-misused-promises',
    'no-unnecessary-type-assertion',
    'only-throw-error',
    'prefer-promise-reject-errors',
    'return-await',
    'switch-exhaustiveness-check',
  ].map((name) => [`@typescript-eslint/${name}`, 'off' as const]),
);

const IMPORTS = '@typescript-eslint/no-restricted-imports';

describe('only server/egress opens connections', () => {
  test.each([
    ["import { request } from 'undici';\nexport const x = request;", 'server/planted.ts', IMPORTS],
    ["import { request } from 'node:http';\nexport const x = request;", 'worker/planted.ts', IMPORTS],
    ["import https from 'node:https';\nexport const x = https;", 'connectors/http/planted.ts', IMPORTS],
    ["import { connect } from 'node:net';\nexport const x = connect;", 'connectors/smtp/planted.ts', IMPORTS],
    ["import tls from 'node:tls';\nexport const x = tls;", 'connectors/smtp/planted.ts', IMPORTS],
    ["export const x = () => fetch('http://127.0.0.1');", 'server/planted.ts', 'no-restricted-globals'],
    ["export const x = () => fetch('http://127.0.0.1');", 'app/api/planted.ts', 'no-restricted-globals'],
    [
      "export const x = () => globalThis.fetch('http://127.0.0.1');",
      'worker/planted.ts',
      'no-restricted-properties',
    ],
    ['export const x = () => Date.now();', 'core/planted.ts', 'no-restricted-properties'],
  ])('catches %j in %s', async (source, path, rule) => {
    expect(await rulesBrokenIn(source, path)).toContain(rule);
  });

  test.each([
    ["import { request } from 'undici';\nexport const x = request;", 'server/egress/planted.ts'],
    ["import { createServer } from 'node:http';\nexport const x = createServer;", 'server/planted.ts'],
    [
      "import type { IncomingMessage } from 'node:http';\nexport type X = IncomingMessage;",
      'server/planted.ts',
    ],
    ["import type { Socket } from 'node:net';\nexport type X = Socket;", 'connectors/planted.ts'],
    ["export const x = () => fetch('/api/v1/me');", 'components/planted.tsx'],
    ["export const x = () => fetch('/api/v1/me');", 'cli/planted.ts'],
  ])('accepts %j in %s', async (source, path) => {
    expect(await rulesBrokenIn(source, path)).toEqual([]);
  });
});
