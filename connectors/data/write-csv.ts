import { stringify } from 'csv-stringify/sync';
import type { z } from 'zod';

import { isJsonObject, type Json } from '#core/json.ts';
import type { buildCsvInput } from './csv.ts';
import { dataFailure, quote } from './data-failure.ts';
import { fieldReader } from './field-path.ts';
import { MAX_TEXT } from './settings.ts';

type Settings = z.output<typeof buildCsvInput>;

/** A CSV text of rows. Null is empty, lists and objects are JSON. Throws `StepFailure` that names the row, from 1. */
export function writeCsv(settings: Settings): string {
  const { columns, header, delimiter, quoteAll, lineEnding, bom, escapeFormulas } = settings;
  const rows = settings.rows as readonly Json[];
  const names = columns !== undefined && columns.length > 0 ? columns : namesOf(rows);
  const readers = names.map(fieldReader);
  const cells = rows.map((row, index) => cellsOf(row, index, readers));
  const text = stringify(header && names.length > 0 ? [names, ...cells] : cells, {
    bom,
    delimiter: delimiter === 'tab' ? '\t' : delimiter,
    escape_formulas: escapeFormulas,
    quoted: quoteAll,
    record_delimiter: lineEnding === 'crlf' ? '\r\n' : '\n',
  });
  if (text.length <= MAX_TEXT) return text;
  throw dataFailure('csv_too_large', `The CSV has ${text.length} characters. Build it in parts.`, {
    setting: 'rows',
  });
}

/** All fields of all rows, in the order in which they come up. */
function namesOf(rows: readonly Json[]): readonly string[] {
  const names = new Set<string>();
  for (const row of rows) if (isJsonObject(row)) for (const name of Object.keys(row)) names.add(name);
  return [...names];
}

function cellsOf(row: Json, index: number, readers: readonly ReturnType<typeof fieldReader>[]): string[] {
  if (Array.isArray(row)) return row.map(cellText);
  if (isJsonObject(row)) return readers.map((read) => cellText(read(row)));
  const message = `Row ${index + 1} is ${quote(row)}; a row is an object or a list of values.`;
  throw dataFailure('csv_bad_row', message, { setting: 'rows' });
}

function cellText(value: Json): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
