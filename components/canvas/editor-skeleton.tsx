import { Skeleton } from '#components/ui/skeleton.tsx';
import { Spinner } from '#components/ui/spinner.tsx';

/** The editor's outline while the flow is on its way. */
export function EditorSkeleton() {
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-13 items-center gap-3 border-b border-border px-4">
        <Skeleton className="h-5 w-40" />
        <Skeleton className="ml-auto h-7 w-20" />
      </div>
      <div className="flex flex-1 items-center justify-center bg-canvas text-muted-foreground">
        <Spinner label="Loading the flow" />
      </div>
    </div>
  );
}
