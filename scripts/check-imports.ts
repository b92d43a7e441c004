import { cruise } from 'dependency-cruiser';
import type { ICruiseOptions, ICruiseResult } from 'dependency-cruiser';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const FOLDERS = [
  'app',
  'cli',
  'components',
  'connectors',
  'core',
  'sandbox',
  'scripts',
  'server',
  'test',
  'worker',
];

export interface ImportReport {
  /** Modules read. 0 means that the check saw nothing. */
  readonly modules: number;
  /** One line for every broken rule. */
  readonly violations: readonly string[];
}

/**
 * Reads every import below `root` and holds it against `.dependency-cruiser.cjs`.
 * Throws when no module was read: with a TypeScript that it cannot load, dependency-cruiser reports success on nothing.
 */
export async function checkImports(
  root: string,
  folders: readonly string[] = FOLDERS,
): Promise<ImportReport> {
  const rules = createRequire(import.meta.url)(
    resolve(import.meta.dirname, '../.dependency-cruiser.cjs'),
  ) as {
    forbidden: NonNullable<ICruiseOptions['ruleSet']>['forbidden'];
    options: ICruiseOptions;
  };
  const { tsConfig: _tsConfig, ...options } = rules.options;
  const reply = await cruise(
    [...folders],
    { ...options, baseDir: root, validate: true, ruleSet: { forbidden: rules.forbidden } },
    options.enhancedResolveOptions,
  );
  const { summary } = reply.output as ICruiseResult;
  if (summary.totalCruised === 0) throw new Error('The import check read 0 modules, so it proves nothing.');
  return {
    modules: summary.totalCruised,
    violations: summary.violations
      .filter((violation) => violation.rule.severity === 'error')
      .map((violation) => `${violation.rule.name}: ${violation.from} → ${violation.to}`),
  };
}

if (import.meta.main) {
  const report = await checkImports(resolve(import.meta.dirname, '..'));
  for (const violation of report.violations) console.error(violation);
  console.log(`${report.modules} modules read, ${report.violations.length} broken import rules.`);
  process.exitCode = report.violations.length > 0 ? 1 : 0;
}
