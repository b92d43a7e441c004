import { emptyObject, FORBIDDEN_KEYS, type Json, type JsonObject } from '#core/json.ts';

/** A row of a sheet, by the names in its first one. */
export interface SheetRow {
  /** As the sheet counts, from 1. */
  readonly row: number;
  readonly values: JsonObject;
  /** The same for the same cells. */
  readonly mark: string;
}

/** Rows by the names in the first one, from the row `from` on. Empty rows and columns without a name are left out. */
export function sheetRows(
  header: readonly Json[],
  rows: readonly (readonly Json[])[],
  from: number,
): readonly SheetRow[] {
  return rows.flatMap((cells, index) => {
    if (cells.every((cell) => cell === '' || cell === null)) return [];
    const values = emptyObject();
    header.forEach((name, column) => {
      const key = nameOf(name);
      if (key !== null) values[key] ??= cells[column] ?? null;
    });
    return [{ row: from + index, values, mark: JSON.stringify(cells) }];
  });
}

/** Null for a column without a name of its own. */
function nameOf(cell: Json): string | null {
  if (typeof cell !== 'string' && typeof cell !== 'number') return null;
  const name = String(cell);
  return name === '' || FORBIDDEN_KEYS.has(name) ? null : name;
}
