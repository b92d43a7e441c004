// `npm test`.
import { bootstrap, fail, runEntry } from './bootstrap.mjs';

try {
  runEntry(bootstrap(), 'scripts/test-all.ts', process.argv.slice(2));
} catch (cause) {
  fail(cause);
}
