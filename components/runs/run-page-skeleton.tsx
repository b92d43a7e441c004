import { Skeleton } from '#components/ui/skeleton.tsx';

/** The outline of a run's page while it loads. */
export function RunPageSkeleton() {
  return (
    <div role="status" aria-label="Loading the run" className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-25 shrink-0 flex-col justify-center gap-3 border-b border-border px-4 md:px-6">
        <Skeleton className="h-5 w-64 max-w-full" />
        <Skeleton className="h-4 w-96 max-w-full" />
      </div>
      <div className="flex min-h-0 flex-1">
        <div className="flex flex-1 flex-col gap-4 p-6">
          <Skeleton className="min-h-40 flex-1" />
          <Skeleton className="h-40" />
        </div>
        <div className="hidden w-100 flex-col gap-3 border-l border-border p-4 lg:flex">
          <Skeleton className="h-6 w-40" />
          <Skeleton className="h-40" />
        </div>
      </div>
    </div>
  );
}
