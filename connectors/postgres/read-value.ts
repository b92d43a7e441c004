import pg from 'pg';

import type { Json } from '#core/json.ts';

/** Types by their numbers, which are the same in every Postgres. */
const OID = {
  bool: 16,
  int8: 20,
  int2: 21,
  int4: 23,
  oid: 26,
  json: 114,
  float4: 700,
  float8: 701,
  timestamp: 1114,
  timestamptz: 1184,
  jsonb: 3802,
} as const;
/** Lists whose items the driver reads right: of truth values, whole numbers, texts, names, uuids and JSON. */
const LISTS: ReadonlySet<number> = new Set([
  1000, 1005, 1007, 1009, 1015, 1016, 1021, 1022, 199, 3807, 2951, 1003, 1231,
]);

/**
 * How values of a type become JSON. What JSON has no number for (bigint, numeric, NaN) stays text, as Postgres writes it, so that no
 * digit is lost; times are ISO 8601; all else is text, too.
 */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number) => parserOf(oid)) as pg.CustomTypesConfig['getTypeParser'],
};

function parserOf(oid: number): (text: string) => Json {
  switch (oid) {
    case OID.bool:
      return (text) => text === 't';
    case OID.int2:
    case OID.int4:
    case OID.oid:
      return Number;
    case OID.float4:
    case OID.float8:
      return (text) => finite(Number(text), text);
    case OID.json:
    case OID.jsonb:
      return (text) => JSON.parse(text) as Json;
    case OID.timestamptz:
      return (text) => isoTime(text);
    case OID.timestamp:
      return (text) => text.replace(' ', 'T');
    default:
      return LISTS.has(oid) ? (text) => listOf(oid, text) : (text) => text;
  }
}

function listOf(oid: number, text: string): Json {
  const read = pg.types.getTypeParser(oid, 'text') as (text: string) => Json[];
  return read(text).map((item) => (typeof item === 'number' ? finite(item, String(item)) : item));
}

function finite(value: number, text: string): Json {
  return Number.isFinite(value) ? value : text;
}

/** Sessions speak UTC: `2026-01-15 09:30:00.123456+00`. */
function isoTime(text: string): string {
  return text.replace(' ', 'T').replace(/\+00(:00)?$/, 'Z');
}
