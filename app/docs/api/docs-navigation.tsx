import { callsOf, type Reference } from './reference.ts';

/** The calls by tag, then the schemas: links within the page. */
export function DocsNavigation({ reference }: { reference: Reference }) {
  return (
    <nav aria-label="Calls of the API" className="space-y-5 text-sm">
      {reference.tags.map(({ name }) => (
        <div key={name}>
          <a href={`#${tagId(name)}`} className="font-semibold focus-ring hover:underline">
            {name}
          </a>
          <ul className="mt-1 border-l border-border">
            {callsOf(reference, name).map(({ operation }) => (
              <NavigationLink
                key={operation.operationId}
                href={`#${operation.operationId}`}
                text={operation.summary}
              />
            ))}
          </ul>
        </div>
      ))}
      <div>
        <a href="#schemas" className="font-semibold focus-ring hover:underline">
          Schemas
        </a>
        <ul className="mt-1 border-l border-border">
          {Object.keys(reference.components.schemas).map((name) => (
            <NavigationLink key={name} href={`#schema-${name}`} text={name} />
          ))}
        </ul>
      </div>
    </nav>
  );
}

/** The anchor of a tag's section. */
export function tagId(tag: string): string {
  return `tag-${tag.toLowerCase().replaceAll(' ', '-')}`;
}

function NavigationLink({ href, text }: { href: string; text: string }) {
  return (
    <li>
      <a
        href={href}
        className="-ml-px block border-l border-transparent py-1 pl-3 text-muted-foreground focus-ring-inset hover:border-accent hover:text-foreground"
      >
        {text}
      </a>
    </li>
  );
}
