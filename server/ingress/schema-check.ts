import type { Json, JsonObject } from '#core/json.ts';
import { compileJsonSchema } from '#core/json-schema.ts';

/** One way in which a body breaks its schema. */
export interface Mismatch {
  /** Into the body. */
  readonly pointer: string;
  readonly message: string;
}

/** What is wrong with a body; nothing when it matches. Stops at the first fault, so that a body cannot make it work for long. */
export type SchemaCheck = (body: Json) => readonly Mismatch[];

/** Compiles the schema of a webhook, see `compileJsonSchema`. A broken schema matches nothing. */
export function schemaCheck(schema: JsonObject): SchemaCheck {
  try {
    const check = compileJsonSchema(schema);
    return (body) => check(body).map(({ pointer, message }) => ({ pointer, message }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return () => [{ pointer: '', message: `the schema itself is wrong: ${reason}` }];
  }
}
