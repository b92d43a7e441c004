import { fieldQuery } from '#core/run-search/field-query.ts';
import type { FieldTerm } from '#core/run-search/parse-field.ts';
import { toStoredJson } from '#server/journal/stored-json.ts';

/**
 * The condition that the event of a run `r` has all fields of a list, `$at`, as `runFieldsValue` makes it. A body is read as
 * JSON only where the bytes of the value stand in it; one that is no JSON, or came compressed, has no fields. (A scalar
 * subquery, so that Postgres asks run by run, newest first, and stops at the page's end, instead of joining all events.)
 */
export function runFieldsCondition(at: number): string {
  return `coalesce((
        SELECT NOT EXISTS (
          SELECT FROM jsonb_array_elements($${at}::jsonb) term
          WHERE NOT CASE
            WHEN term ->> 'root' = 'headers' THEN ${matches('e.headers')}
            WHEN term ->> 'root' = 'query' THEN ${matches('e.query')}
            WHEN term ->> 'needle' IS NOT NULL
              AND position(convert_to(term ->> 'needle', 'UTF8') IN e.body) = 0 THEN false
            ELSE coalesce(${matches('event_json(e.body)')}, false)
          END)
        FROM event e WHERE e.id = r.event_id), false)`;
}

/** Null where no fields are asked for. */
export function runFieldsValue(fields: readonly FieldTerm[]): string | null {
  return fields.length === 0 ? null : toStoredJson(fields.map((field) => ({ ...fieldQuery(field) })));
}

function matches(value: string): string {
  return `jsonb_path_exists(${value}, (term ->> 'path')::jsonpath, term -> 'vars', true)`;
}
