import { Badge, type BadgeTone } from '#components/ui/badge.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';

import { curlExample } from './curl-example.ts';
import { resolveReply, type Call, type Parameter, type Reference } from './reference.ts';
import { RichText } from './rich-text.tsx';
import { meaningOf, typeParts } from './schema-rows.ts';
import { MemberTable, SchemaTable, SchemaType } from './schema-table.tsx';

const METHOD_TONES: Readonly<Record<string, BadgeTone>> = {
  GET: 'info',
  POST: 'success',
  PUT: 'warning',
  PATCH: 'warning',
  DELETE: 'danger',
};

/** One call: what it does, what it takes, what it replies, and a command to try. */
export function CallSection({ reference, call }: { reference: Reference; call: Call }) {
  const { method, path, operation } = call;
  const body = operation.requestBody?.content['application/json']?.schema;
  return (
    <section id={operation.operationId} className="scroll-mt-16 border-t border-border py-8">
      <h3 className="text-lg font-semibold">
        <a href={`#${operation.operationId}`} className="rounded-sm focus-ring hover:underline">
          {operation.summary}
        </a>
      </h3>
      <p className="mt-1 flex flex-wrap items-center gap-2">
        <MethodBadge method={method} />
        <code className="font-mono text-sm break-all">/api/v1{path}</code>
      </p>
      {operation.description === undefined ? null : (
        <p className="mt-3 max-w-prose text-muted-foreground">
          <RichText text={operation.description} />
        </p>
      )}
      <Parameters parameters={operation.parameters ?? []} summary={operation.summary} />
      {body ? (
        <>
          <PartHeading>Body</PartHeading>
          <SchemaTable schema={followed(reference, body)} label={`Body of: ${operation.summary}`} />
        </>
      ) : null}
      <PartHeading>Replies</PartHeading>
      <Replies reference={reference} call={call} />
      <PartHeading>Example</PartHeading>
      <CodeBlock code={curlExample(reference, call)} label={`curl command: ${operation.summary}`} />
    </section>
  );
}

/** The method of a call in its colour. */
export function MethodBadge({ method }: { method: string }) {
  return (
    <Badge tone={METHOD_TONES[method]} className="font-mono">
      {method}
    </Badge>
  );
}

function PartHeading({ children }: { children: string }) {
  return <h4 className="mt-5 mb-2 text-sm font-semibold text-muted-foreground">{children}</h4>;
}

const PLACES: Readonly<Record<Parameter['in'], string>> = {
  path: 'in the address',
  query: 'in the query',
  header: 'header',
};

function Parameters({ parameters, summary }: { parameters: readonly Parameter[]; summary: string }) {
  if (parameters.length === 0) return null;
  const rows = parameters.map((parameter) => ({
    path: parameter.name,
    type: [...typeParts(parameter.schema), { text: `, ${PLACES[parameter.in]}` }],
    isRequired: parameter.required,
    description: meaningOf({ ...parameter.schema, description: parameter.description }),
  }));
  return (
    <>
      <PartHeading>Parameters</PartHeading>
      <MemberTable rows={rows} label={`Parameters of: ${summary}`} />
    </>
  );
}

function Replies({ reference, call }: { reference: Reference; call: Call }) {
  return (
    <dl className="divide-y divide-border rounded-lg border border-border text-sm">
      {Object.entries(call.operation.responses).map(([status, shared]) => {
        const reply = resolveReply(reference, shared);
        return (
          <div key={status} className="grid grid-cols-[4.5rem_1fr] gap-x-3 px-3 py-1.5">
            <dt className="font-mono text-xs leading-5">{status === 'default' ? 'other' : status}</dt>
            <dd>
              <RichText text={reply.description} />{' '}
              {Object.entries(reply.content ?? {})
                // Every refusal is a problem; the introduction says so once.
                .filter(([type]) => type !== 'application/problem+json')
                .map(([type, { schema }]) => (
                  <span key={type} className="text-muted-foreground">
                    {type === 'application/json' ? '' : `${type}: `}
                    <SchemaType parts={typeParts(schema)} />
                  </span>
                ))}
              {reply.headers ? (
                <span className="text-muted-foreground">
                  {' '}
                  Headers: {Object.keys(reply.headers).join(', ')}.
                </span>
              ) : null}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

/** The members of a named schema belong beside the call that takes it. */
function followed(reference: Reference, schema: { readonly $ref?: string }) {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : (reference.components.schemas[name] ?? schema);
}
