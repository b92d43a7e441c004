import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';

/** A part of the panel that folds. */
export function DetailSection(props: {
  title: string;
  aside?: ReactNode;
  startsOpen?: boolean;
  children: ReactNode;
}) {
  return (
    <details
      open={props.startsOpen ?? true}
      className="group/section border-t border-border first:border-t-0"
    >
      <summary className="flex h-10 cursor-pointer list-none items-center gap-1.5 px-4 text-sm font-medium select-none focus-ring-inset [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className="size-3.5 text-subtle-foreground transition-transform group-open/section:rotate-90"
        />
        {props.title}
        {props.aside !== undefined && (
          <span className="ml-auto text-xs font-normal text-muted-foreground">{props.aside}</span>
        )}
      </summary>
      <div className="px-4 pb-4">{props.children}</div>
    </details>
  );
}
