import { type PillPath, readPathAt } from './pill-path.ts';

/** A path into the event or the output of a step, read from its source; undefined for anything else. */
export function readFieldPath(source: string): PillPath | undefined {
  const read = readPathAt(source, 0);
  if (read?.end !== source.length || read.path.base !== 'context') return undefined;
  const [root, first] = read.path.parts;
  const isField = root === 'trigger' ? first !== undefined : root === 'steps' && typeof first === 'string';
  return isField ? read.path : undefined;
}
