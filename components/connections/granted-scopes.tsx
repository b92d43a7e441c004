import { Check } from 'lucide-react';

import type { Connector } from '#components/api/connections.ts';

type Scopes = NonNullable<Connector['oauth']>['scopes'];

/** What a person is going to be asked to allow. */
export function GrantedScopes({ scopes, app }: { scopes: Scopes; app: string }) {
  if (scopes.length === 0) return null;
  return (
    <section className="flex flex-col gap-1.5 text-sm">
      <h3 className="font-medium">{app} asks you to allow</h3>
      <ul className="flex flex-col gap-1 text-muted-foreground">
        {scopes.map(({ id, says }) => (
          <li key={id} className="flex items-start gap-2" title={id}>
            <Check aria-hidden className="mt-0.5 size-4 shrink-0 text-success" />
            {says}
          </li>
        ))}
      </ul>
    </section>
  );
}
