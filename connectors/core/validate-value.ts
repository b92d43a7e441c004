import type { Json, JsonObject } from '#core/json.ts';
import { compileJsonSchema, JsonSchemaError, type SchemaCheck } from '#core/json-schema.ts';
import { remember } from '#core/expression/remember.ts';
import { StepFailure } from '#core/step-failure.ts';

const MAX_LISTED = 50;

/** Compiling takes longer than most checks; the schemas of the last steps are kept. By their text, since each run has its own copy. */
const checkOf = remember(100, (text: string): SchemaCheck =>
  compileJsonSchema(JSON.parse(text) as JsonObject, { allErrors: true }),
);

/**
 * Gives the value back when it matches. Throws `StepFailure` (`invalid`): `value_invalid` with up to 50 mismatches as
 * `{ pointer, message }` in its detail, `schema_invalid` for a schema that cannot be used.
 */
export function validateValue(value: Json, schema: JsonObject): Json {
  const mismatches = checkFor(schema)(value);
  const [first] = mismatches;
  if (first === undefined) return value;
  const place = first.pointer === '' ? 'The value' : `"${first.pointer}"`;
  const more = mismatches.length === 1 ? '' : `, and ${mismatches.length - 1} more`;
  throw new StepFailure({
    kind: 'invalid',
    code: 'value_invalid',
    message: `The value does not match the schema: ${place} ${first.message}${more}.`,
    pointer: '/config/value',
    detail: mismatches.slice(0, MAX_LISTED).map(({ pointer, message }) => ({ pointer, message })),
  });
}

function checkFor(schema: JsonObject): SchemaCheck {
  try {
    return checkOf(JSON.stringify(schema));
  } catch (error) {
    if (!(error instanceof JsonSchemaError)) throw error;
    throw new StepFailure({
      kind: 'invalid',
      code: 'schema_invalid',
      message: `This is not a JSON Schema that can be used: ${error.message}.`,
      pointer: `/config/schema${error.pointer}`,
    });
  }
}
