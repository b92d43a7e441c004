'use client';

const WAYS = [
  { write: 'order 4711', finds: 'what a flow calls order 4711, and nothing else' },
  { write: 'number:4711', finds: 'a field “number”, anywhere in the body' },
  { write: 'body.customer.id = 42', finds: 'exactly this field; lists are looked through' },
  { write: 'headers.x-shop = acme', finds: 'a header, or with “query.” a parameter' },
  { write: 'country:CH and total:5', finds: 'all of them at once' },
  { write: 'anything else', finds: 'text in the id, flow, error, event key or the first 64 KB of the body' },
] as const;

/** The ways to search for runs, with an example of each. */
export function SearchHelpText() {
  return (
    <>
      <dl className="flex flex-col gap-2">
        {WAYS.map(({ write, finds }) => (
          <div key={write}>
            <dt>
              <code className="font-mono text-xs">{write}</code>
            </dt>
            <dd className="text-xs text-muted-foreground">{finds}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-3 border-t border-border pt-2 text-xs text-muted-foreground">
        Fields are those of JSON bodies. Among very many runs, choose a flow or a time as well: it is faster.
      </p>
    </>
  );
}
