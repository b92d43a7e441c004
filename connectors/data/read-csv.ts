import { CsvError, parse } from 'csv-parse/sync';
import type { z } from 'zod';

import { emptyObject, type Json } from '#core/json.ts';
import type { parseCsvInput } from './csv.ts';
import { dataFailure, quote } from './data-failure.ts';
import { guessValue } from './guess-value.ts';

type Settings = z.output<typeof parseCsvInput>;

/** A row and the line of the text that it ends on. */
interface Row {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

const MAX_COLUMNS = 1_000;
/** Characters of one row. */
const MAX_ROW = 1_000_000;

const REASONS: Readonly<Record<string, string>> = {
  CSV_INVALID_CLOSING_QUOTE: 'has text right after a closing quote',
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: 'has text right after a closing quote',
  INVALID_OPENING_QUOTE: 'has a quote in the middle of a value that is not quoted',
  CSV_QUOTE_NOT_CLOSED: 'opens a quote that is never closed',
  CSV_MAX_RECORD_SIZE: 'has a row that is too long',
};

/** The rows of a CSV text: objects by the names of the columns, or lists. Throws `StepFailure` that names the line. */
export function readCsv(settings: Settings): Json[] {
  const rows = parseRows(settings);
  const names = columnNames(settings, rows);
  const data = settings.header === 'first_row' ? rows.slice(1) : rows;
  if (data.length > settings.maxRows) {
    const message = `The text has ${data.length} rows; this step takes ${settings.maxRows}. Send it in parts.`;
    throw dataFailure('csv_too_many_rows', message, { setting: 'text' });
  }
  const width = names?.length ?? rows[0]?.record.length ?? 0;
  return data.map((row) => {
    const values = evened(row, width, settings).map((value) => valueOf(value, settings));
    return names === undefined ? values : objectOf(names, values);
  });
}

function parseRows({ text, delimiter, quote: mark, trim, maxRows }: Settings): readonly Row[] {
  try {
    return parse(text, {
      bom: true,
      delimiter: delimiter === 'tab' ? '\t' : delimiter,
      quote: mark === '' ? false : mark,
      max_record_size: MAX_ROW,
      trim,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      // One more than may be, and the header: enough to see that there are too many.
      to: maxRows + 2,
    }) as unknown as readonly Row[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { lines } = error as unknown as { readonly lines?: number };
    const reason = REASONS[error.code] ?? 'cannot be read as CSV';
    throw dataFailure(
      'csv_invalid',
      `Line ${lines ?? 1} ${reason}. Check the text and the setting for quotes.`,
      {
        setting: 'text',
      },
    );
  }
}

function columnNames({ header, columns }: Settings, rows: readonly Row[]): readonly string[] | undefined {
  if (header === 'none') return undefined;
  if (header === 'given') {
    if (columns !== undefined && columns.length > 0) return unique(columns, 'columns');
    throw dataFailure('csv_columns_missing', 'The names of the columns are to be given, but none is.', {
      setting: 'columns',
    });
  }
  const [first] = rows;
  return unique(first?.record.map((name, index) => name.trim() || `column_${index + 1}`) ?? [], 'text');
}

function unique(names: readonly string[], setting: string): readonly string[] {
  if (names.length > MAX_COLUMNS) {
    const message = `The text has ${names.length} columns; this step takes ${MAX_COLUMNS}. Check the delimiter.`;
    throw dataFailure('csv_too_many_columns', message, { setting });
  }
  const doubled = names.find((name, index) => names.indexOf(name) !== index);
  if (doubled === undefined) return names;
  const message = `Two columns have the name ${quote(doubled)}. Give the names of the columns in the settings.`;
  throw dataFailure('csv_column_twice', message, { setting });
}

function evened({ record, info }: Row, width: number, { uneven }: Settings): readonly string[] {
  if (record.length === width) return record;
  if (uneven === 'fill') return Array.from({ length: width }, (_, index) => record[index] ?? '');
  const message = `Line ${info.lines} has ${countOf(record.length)} where ${width} are expected. Check the delimiter, or let rows be filled.`;
  throw dataFailure('csv_uneven_row', message, { setting: 'text', detail: { line: info.lines } });
}

function countOf(values: number): string {
  return values === 1 ? '1 value' : `${values} values`;
}

function valueOf(text: string, { values }: Settings): Json {
  if (values === 'text') return text;
  return text === '' ? null : guessValue(text);
}

function objectOf(names: readonly string[], values: readonly Json[]): Json {
  const row = emptyObject();
  names.forEach((name, index) => (row[name] = values[index] ?? null));
  return row;
}
