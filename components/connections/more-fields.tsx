import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';

/** Fields that few need, folded away until one is at fault. */
export function MoreFields({ hasFault, children }: { hasFault: boolean; children: ReactNode }) {
  return (
    // Opened anew by a fault; a person may fold it again.
    <details key={String(hasFault)} open={hasFault} className="group">
      <summary className="flex w-fit cursor-pointer list-none items-center gap-1 rounded-sm text-sm font-medium text-muted-foreground focus-ring hover:text-foreground">
        <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
        More settings
      </summary>
      <div className="mt-4 flex flex-col gap-4">{children}</div>
    </details>
  );
}
