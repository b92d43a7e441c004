import type { Schema } from './reference.ts';
import { RichText } from './rich-text.tsx';
import { schemaRows, typeParts, type SchemaRow, type TypePart } from './schema-rows.ts';

/** What a schema is: its members in a table, or its type alone. */
export function SchemaTable({ schema, label }: { schema: Schema; label: string }) {
  const rows = schemaRows(schema);
  if (rows.length === 0) return <SchemaType parts={typeParts(schema)} />;
  return <MemberTable rows={rows} label={label} />;
}

/** Members with their types; also of parameters. */
export function MemberTable({ rows, label }: { rows: readonly SchemaRow[]; label: string }) {
  return (
    <div
      className="overflow-x-auto rounded-lg border border-border"
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      <table className="w-full min-w-130 text-left text-sm">
        <thead className="bg-muted text-xs text-muted-foreground">
          <tr>
            <th scope="col" className="w-1/3 px-3 py-1.5 font-medium">
              Name
            </th>
            <th scope="col" className="w-1/4 px-3 py-1.5 font-medium">
              Type
            </th>
            <th scope="col" className="px-3 py-1.5 font-medium">
              Meaning
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.path} className="border-t border-border align-top">
              <th scope="row" className="px-3 py-1.5 font-mono text-xs leading-5 font-normal break-all">
                {row.path}
                {row.isRequired ? null : <span className="font-sans text-subtle-foreground"> optional</span>}
              </th>
              <td className="px-3 py-1.5 text-muted-foreground">
                <SchemaType parts={row.type} />
              </td>
              <td className="px-3 py-1.5">
                <RichText text={row.description} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A type whose named parts lead to their schemas. */
export function SchemaType({ parts }: { parts: readonly TypePart[] }) {
  return parts.map(({ text, schema }, index) =>
    schema === undefined ? (
      <span key={index}>{text}</span>
    ) : (
      <a
        key={index}
        href={`#schema-${schema}`}
        className="rounded-sm text-accent-text underline underline-offset-2 focus-ring"
      >
        {text}
      </a>
    ),
  );
}
