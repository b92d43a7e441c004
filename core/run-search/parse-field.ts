/** A field of the event that began a run, and the value that it has to have. */
export interface FieldTerm {
  readonly root: 'body' | 'headers' | 'query';
  /** The way down from the root: names, and places in lists. Lists on the way are looked through without a place, too. */
  readonly path: readonly (string | number)[];
  /** True for a single name: the field may stand anywhere in the body. */
  readonly isAnywhere: boolean;
  readonly value: string;
  /** True for a value in quotes: a text, though it may look like a number. */
  readonly isText: boolean;
  /** True where the root is written out. */
  readonly isRooted: boolean;
}

const NAME = String.raw`[\p{L}_$][\p{L}\p{N}_$-]*`;
const TERM = new RegExp(
  String.raw`^(?<path>${NAME}(?:\.${NAME}|\[\d{1,6}\])*)(?:\s*=\s*|:(?=\S))(?<value>"[^"]*"|\S.*)$`,
  'su',
);
const ROOTS = ['body', 'headers', 'query'] as const;

/** `body.customer.id = 4711`, `headers.x-shop:acme`, `number:4711`; undefined for what is no such term. */
export function parseField(written: string): FieldTerm | undefined {
  const found = TERM.exec(written.trim())?.groups;
  const value = found?.['value']?.trim();
  if (!found || value === undefined) return undefined;
  // An address is no field.
  if (value.startsWith('//')) return undefined;
  const parts = partsOf(found['path']!);
  const full = parts[0] === 'trigger' && parts.length > 1 ? parts.slice(1) : parts;
  const root = full.length > 1 ? ROOTS.find((each) => each === full[0]) : undefined;
  const isText = value.startsWith('"') && value.endsWith('"') && value.length > 1;
  return {
    root: root ?? 'body',
    path: pathOf(root, full),
    isAnywhere: root === undefined && full.length === 1,
    value: isText ? value.slice(1, -1) : value,
    isText,
    isRooted: root !== undefined,
  };
}

function partsOf(path: string): readonly (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map((part) =>
    part[1] === undefined ? part[0] : Number(part[1]),
  );
}

/** Names of headers are kept in lower case. */
function pathOf(root: FieldTerm['root'] | undefined, full: readonly (string | number)[]): FieldTerm['path'] {
  const path = root === undefined ? full : full.slice(1);
  return root === 'headers' ? path.map((part) => String(part).toLowerCase()) : path;
}
