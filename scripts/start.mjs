// `npm start` and, with --dev, `npm run dev`.
import { bootstrap, fail, runEntry } from './bootstrap.mjs';

try {
  runEntry(bootstrap(), 'scripts/supervise.ts', process.argv.slice(2));
} catch (cause) {
  fail(cause);
}
