/** What is wrong with one field of a request. */
export interface FieldFault {
  /** `email`, `events.0`, or the name of a header. */
  readonly field: string;
  readonly message: string;
}

/** A refusal with words for the caller. The API sends it as `{ error: { code, message, fields? } }`, a form shows it. */
export class Problem extends Error {
  override name = 'Problem';
  readonly status: number;
  /** For programs: `not_found`, `missing_scope`. */
  readonly code: string;
  readonly fields: readonly FieldFault[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    more: { fields?: readonly FieldFault[]; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.fields = more.fields ?? [];
    this.headers = more.headers ?? {};
  }
}

/** 422 for fields that do not hold what they should. */
export function invalid(fields: readonly FieldFault[]): Problem {
  const message = fields.map((fault) => `${fault.field}: ${fault.message}`).join('; ');
  return new Problem(422, 'invalid', message, { fields });
}

export function notFound(what: string): Problem {
  return new Problem(404, 'not_found', `There is no such ${what}.`);
}
