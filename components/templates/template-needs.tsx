import { Cable, CircleCheck, Link2 } from 'lucide-react';

import { Badge } from '#components/ui/badge.tsx';

import type { GalleryCard } from './gallery.ts';

/** What a template needs before it runs, as badges. */
export function NeedsBadges({ needs, needsAddress }: Pick<GalleryCard, 'needs' | 'needsAddress'>) {
  if (needs.length === 0 && !needsAddress) {
    return (
      <Badge tone="success">
        <CircleCheck aria-hidden />
        Works at once
      </Badge>
    );
  }
  return (
    <>
      {needs.map((need) => (
        <Badge key={need} tone="outline">
          <Cable aria-hidden />
          {need}
        </Badge>
      ))}
      {needsAddress && (
        <Badge tone="outline">
          <Link2 aria-hidden />
          Your API’s URL
        </Badge>
      )}
    </>
  );
}
