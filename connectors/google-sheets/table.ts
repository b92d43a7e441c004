import { textOf } from '#connectors/kit/text-of.ts';
import { FORBIDDEN_KEYS, emptyObject, type Json, type JsonObject } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';

export type Cells = readonly (readonly Json[])[];

/** A row of a sheet, by the names in its first one. */
export interface TableRow {
  /** As the sheet counts, from 1. */
  readonly row: number;
  readonly values: JsonObject;
}

/** The rows under the first one. Rows that are empty, and columns without a name, are left out. */
export function tableRows([header = [], ...rows]: Cells): readonly TableRow[] {
  return rows.flatMap((cells, index) => {
    if (cells.every((cell) => cell === '' || cell === null)) return [];
    const values = emptyObject();
    header.forEach((name, column) => {
      if (isName(name)) values[textOf(name)] ??= cells[column] ?? null;
    });
    return [{ row: index + 2, values }];
  });
}

/**
 * Values by name as a row of cells, null where nothing is given: the API leaves such a cell as it is. Throws `StepFailure` for a name
 * that the first row does not have.
 */
export function toCells(header: readonly Json[], values: JsonObject): readonly Json[] {
  const names = header.map(textOf);
  for (const name of Object.keys(values)) {
    if (names.includes(name)) continue;
    const known = names.filter((each) => each !== '').join(', ') || 'none';
    const message = `The sheet has no column “${name}” in its first row. There are: ${known}.`;
    throw new StepFailure({ kind: 'invalid', code: 'unknown_column', message, pointer: '/config/values' });
  }
  const cells = names.map((name, index) => (names.indexOf(name) === index ? (values[name] ?? null) : null));
  const last = cells.findLastIndex((cell) => cell !== null);
  return cells.slice(0, last + 1);
}

function isName(name: Json): boolean {
  return (
    (typeof name === 'string' || typeof name === 'number') && name !== '' && !FORBIDDEN_KEYS.has(String(name))
  );
}
