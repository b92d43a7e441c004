import { nameOf, type Call, type Reference, type Schema } from './reference.ts';

/** A command that makes the call, with the examples of its schemas; the address and the key come from the environment. */
export function curlExample(reference: Reference, { method, path, operation }: Call): string {
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const schema = operation.parameters?.find((each) => each.in === 'path' && each.name === name)?.schema;
    return encodeURIComponent(String(exampleOf(reference, schema ?? {})));
  });
  const isStream = Object.values(operation.responses).some((reply) => reply.content?.['text/event-stream']);
  const body = operation.requestBody?.content['application/json']?.schema;
  return [
    `curl ${isStream ? '-N ' : ''}${method === 'GET' ? '' : `-X ${method} `}"$PATCHBAY_URL/api/v1${address}"`,
    `-H "Authorization: Bearer $PATCHBAY_API_KEY"`,
    ...(body ? [`-H "Content-Type: application/json"`, `-d ${quote(exampleOf(reference, body))}`] : []),
  ].join(' \\\n  ');
}

function quote(value: unknown): string {
  return `'${JSON.stringify(value, null, 2).replaceAll("'", `'\\''`).replaceAll('\n', '\n  ')}'`;
}

/** A value of a schema: its own example, else its required members and those that have one. */
export function exampleOf({ components }: Reference, schema: Schema): unknown {
  const visit = (part: Schema): unknown => {
    if (part.examples?.length) return part.examples[0];
    if (part.$ref !== undefined) return visit(components.schemas[nameOf(part.$ref)] ?? {});
    if (part.const !== undefined) return part.const;
    if (part.enum?.length) return part.enum[0];
    if (part.default !== undefined) return part.default;
    const [option] = part.anyOf ?? part.oneOf ?? [];
    if (option) return visit(option);
    if (part.properties)
      return Object.fromEntries(members(part).map(([name, member]) => [name, visit(member)]));
    return plainExample(part);
  };
  /** Members with a default or nothing to show are left to the caller. */
  const members = (part: Schema) =>
    Object.entries(part.properties ?? {}).filter(
      ([name, member]) => part.required?.includes(name) || member.examples,
    );
  return visit(schema);
}

function plainExample({ type, format }: Schema): unknown {
  const [first = 'object'] = [type ?? 'object'].flat();
  if (format === 'uuid') return '019b2d5e-7c1a-7e43-9f0b-3a5d2c1e8f70';
  if (format === 'date-time') return '2026-01-15T09:30:00Z';
  if (first === 'string') return 'text';
  if (first === 'integer' || first === 'number') return 1;
  if (first === 'boolean') return true;
  if (first === 'array') return [];
  return {};
}
