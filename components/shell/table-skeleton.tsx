import { Skeleton } from '#components/ui/skeleton.tsx';

/** Grey lines of the height of a table's rows. */
export function TableSkeleton({ rows, label }: { rows: number; label: string }) {
  return (
    <div
      role="status"
      aria-label={label}
      className="flex flex-col divide-y divide-border border-b border-border"
    >
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="flex h-14 items-center gap-6 px-4 md:px-6">
          <Skeleton className="h-4 w-48 max-w-[40%]" />
          <Skeleton className="h-4 w-20" />
          <Skeleton className="ml-auto h-4 w-24 max-sm:hidden" />
        </div>
      ))}
    </div>
  );
}
