import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';

/** Has a process of the product know the connectors of the tests (`connectors.ts`): arguments of Node. */
export const CONNECTORS_OF_TESTS: readonly string[] = [
  '--import',
  pathToFileURL(resolve(import.meta.dirname, 'connectors.ts')).href,
];
