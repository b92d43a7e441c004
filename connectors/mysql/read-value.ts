import type { FieldPacket } from 'mysql2';

import type { Json } from '#core/json.ts';

/** Types by their numbers in the protocol. */
const TYPE = { timestamp: 7, datetime: 12, json: 245, geometry: 255 } as const;

/**
 * A value as JSON. What JSON has no number for (BIGINT, DECIMAL) is text, so that no digit is lost; times are ISO 8601, a TIMESTAMP in
 * UTC; bytes are hexadecimal.
 */
export function readValue(value: unknown, field: FieldPacket): Json {
  if (value === null || value === undefined) return null;
  if (Buffer.isBuffer(value)) return `0x${value.toString('hex')}`;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'string') {
    const type = field.columnType ?? field.type;
    if (type === TYPE.timestamp) return `${value.replace(' ', 'T')}Z`;
    return type === TYPE.datetime ? value.replace(' ', 'T') : value;
  }
  if (typeof value === 'bigint') return value.toString();
  // Columns of JSON, and points and shapes.
  return JSON.parse(JSON.stringify(value)) as Json;
}
