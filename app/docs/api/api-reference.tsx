import { BrandMark } from '#components/shell/brand-mark.tsx';

import { CallSection } from './call-section.tsx';
import { DocsNavigation, tagId } from './docs-navigation.tsx';
import { callsOf, type Reference } from './reference.ts';
import { RichText } from './rich-text.tsx';
import { SchemaTable } from './schema-table.tsx';

/** The whole reference, made from the OpenAPI document alone. */
export function ApiReference({ reference }: { reference: Reference }) {
  return (
    <div className="min-h-dvh">
      <header className="sticky top-0 z-20 flex h-13 items-center gap-3 border-b border-border bg-background/95 px-4 backdrop-blur-sm md:px-6">
        <a href="/" className="flex items-center gap-2 rounded-md font-semibold focus-ring">
          <BrandMark /> Patchbay
        </a>
        <span className="text-muted-foreground">API reference</span>
        <a
          href="/api/v1/openapi.json"
          className="ml-auto rounded-md text-accent-text focus-ring hover:underline"
        >
          OpenAPI document
        </a>
      </header>
      <div className="mx-auto grid max-w-7xl gap-8 px-4 md:px-6 lg:grid-cols-[15rem_minmax(0,1fr)]">
        <aside className="hidden lg:block">
          <div className="sticky top-13 max-h-[calc(100dvh-3.25rem)] overflow-y-auto py-8 pr-2">
            <DocsNavigation reference={reference} />
          </div>
        </aside>
        <main className="min-w-0 py-8">
          <Introduction text={reference.info.description} />
          <details className="mt-6 rounded-lg border border-border p-3 lg:hidden">
            <summary className="cursor-pointer font-semibold focus-ring">Calls</summary>
            <div className="mt-3">
              <DocsNavigation reference={reference} />
            </div>
          </details>
          {reference.tags.map(({ name }) => (
            <section key={name} aria-labelledby={tagId(name)}>
              <h2 id={tagId(name)} className="scroll-mt-16 pt-10 pb-4 text-xl font-semibold tracking-tight">
                {name}
              </h2>
              {callsOf(reference, name).map((call) => (
                <CallSection key={call.operation.operationId} reference={reference} call={call} />
              ))}
            </section>
          ))}
          <Schemas reference={reference} />
        </main>
      </div>
    </div>
  );
}

function Introduction({ text }: { text: string }) {
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">API reference</h1>
      <div className="mt-4 max-w-prose space-y-3">
        <p>
          <RichText text="Every call is below `/api/v1` and carries `Authorization: Bearer <api key>`. Keys are made under Settings, API keys." />
        </p>
        {text.split('\n\n').map((paragraph) => (
          <p key={paragraph}>
            <RichText text={paragraph} />
          </p>
        ))}
      </div>
    </>
  );
}

function Schemas({ reference }: { reference: Reference }) {
  return (
    <section aria-labelledby="schemas">
      <h2 id="schemas" className="scroll-mt-16 pt-10 pb-4 text-xl font-semibold tracking-tight">
        Schemas
      </h2>
      {Object.entries(reference.components.schemas).map(([name, schema]) => (
        <section key={name} id={`schema-${name}`} className="scroll-mt-16 border-t border-border py-6">
          <h3 className="mb-3 font-mono text-base font-semibold">{name}</h3>
          {schema.description === undefined ? null : (
            <p className="mb-3 text-muted-foreground">
              <RichText text={schema.description} />
            </p>
          )}
          <SchemaTable schema={schema} label={`Members of ${name}`} />
        </section>
      ))}
    </section>
  );
}
