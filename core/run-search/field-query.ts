import type { FieldTerm } from './parse-field.ts';

/** A field term as Postgres asks for it. */
export interface FieldQuery {
  readonly root: FieldTerm['root'];
  /** An SQL/JSON path that takes `$t`, and `$n` where the value is a number, a truth value or null. */
  readonly path: string;
  readonly vars: { readonly t: string; readonly n: number | boolean | null };
  /** A text that stands in every body with that value, whoever wrote the JSON; null where none is sure to. */
  readonly needle: string | null;
}

/** How a field is looked for: the same value as a text or, where it reads like one, as a number, `true`, `false` or `null`. */
export function fieldQuery({ root, path, isAnywhere, value, isText }: FieldTerm): FieldQuery {
  const way = path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${JSON.stringify(part)}`))
    .join('');
  const plain = isText ? undefined : plainValue(value);
  const other = plain === undefined ? '' : ' || @ == $n';
  return {
    root,
    path: `$${isAnywhere ? '.**' : ''}${way} ? (@ == $t${other})`,
    vars: { t: value, n: plain ?? null },
    needle: root === 'body' ? needleOf(value) : null,
  };
}

function plainValue(value: string): number | boolean | null | undefined {
  if (value === 'null') return null;
  if (value === 'true' || value === 'false') return value === 'true';
  return /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/.test(value) ? Number(value) : undefined;
}

/** The longest part of letters and digits: JSON may write any other character as an escape. */
function needleOf(value: string): string | null {
  const parts = value.match(/[A-Za-z0-9]+/g) ?? [];
  return parts.reduce<string | null>((best, part) => (part.length > (best?.length ?? 0) ? part : best), null);
}
