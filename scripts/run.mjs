// `node scripts/run.mjs <file.ts> [arguments]`: any TypeScript entry point under the right Node, with everything installed.
import { bootstrap, fail, PlainError, runEntry } from './bootstrap.mjs';

try {
  const [entry, ...args] = process.argv.slice(2);
  if (!entry) throw new PlainError('Name the file to run: node scripts/run.mjs <file.ts> [arguments]');
  runEntry(bootstrap(), entry, args);
} catch (cause) {
  fail(cause);
}
