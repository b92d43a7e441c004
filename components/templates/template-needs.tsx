import { Cable, CircleCheck, Link2 } from 'lucide-react';

import { Badge } from '#components/ui/badge.tsx';
import { catalog, findConnector } from '#connectors/definitions.ts';
import { templateNeeds } from '#core/templates/template-needs.ts';
import type { Template } from '#core/templates/template.ts';

/** What a template needs before it runs, as badges. */
export function NeedsBadges({ template }: { template: Template }) {
  const { connectors, hasAddress } = templateNeeds(template, catalog);
  if (connectors.length === 0 && !hasAddress) {
    return (
      <Badge tone="success">
        <CircleCheck aria-hidden />
        Works at once
      </Badge>
    );
  }
  return (
    <>
      {connectors.map((connector) => (
        <Badge key={connector} tone="outline">
          <Cable aria-hidden />
          {needInWords(connector)}
        </Badge>
      ))}
      {hasAddress && (
        <Badge tone="outline">
          <Link2 aria-hidden />
          Your API’s URL
        </Badge>
      )}
    </>
  );
}

/** `Acme`, `Signing secret`. */
export function needInWords(connector: string): string {
  return findConnector(connector)?.label ?? connector;
}
