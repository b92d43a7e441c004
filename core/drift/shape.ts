/** What a JSON value is. Whole and broken numbers are one: senders mix them. */
export const JSON_TYPES = ['null', 'boolean', 'number', 'string', 'object', 'array'] as const;
export type JsonType = (typeof JSON_TYPES)[number];

/** What was learned of the values at one place. Plain JSON, so that it can be stored. */
export interface Shape {
  /** How many values there were of each type. */
  readonly types: Readonly<Partial<Record<JsonType, number>>>;
  /** Of the objects among them: each field, with the values that it had. A field's count is how often it was there. */
  readonly fields?: Readonly<Record<string, Shape>>;
  /** Of the lists among them: their items, taken together. */
  readonly items?: Shape;
  /** Of objects whose keys are data (an id, a date, a language): their values, taken together, in place of `fields`. */
  readonly values?: Shape;
}

/** Nothing learned yet. */
export const EMPTY_SHAPE: Shape = { types: {} };

/** How many values a shape was learned of. */
export function countOf(shape: Shape): number {
  return JSON_TYPES.reduce((sum, type) => sum + (shape.types[type] ?? 0), 0);
}

/** How many of them were objects, lists … */
export function countOfType(shape: Shape, type: JsonType): number {
  return shape.types[type] ?? 0;
}
