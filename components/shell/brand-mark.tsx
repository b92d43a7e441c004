import { cn } from '#components/ui/cn.ts';

/** The sign of the product: two jacks and the cable between them. */
export function BrandMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden className={cn('size-6 shrink-0', className)}>
      <rect width="24" height="24" rx="6" className="fill-accent" />
      <path
        d="M7 8.5v1.75a2.75 2.75 0 0 0 2.75 2.75h4.5A2.75 2.75 0 0 1 17 15.75v.25"
        className="stroke-accent-foreground"
        strokeWidth="1.75"
        strokeLinecap="round"
        fill="none"
      />
      <circle cx="7" cy="7" r="2.25" className="fill-accent-foreground" />
      <circle cx="17" cy="17" r="2.25" className="fill-accent-foreground" />
      <circle cx="7" cy="7" r="0.85" className="fill-accent" />
      <circle cx="17" cy="17" r="0.85" className="fill-accent" />
    </svg>
  );
}
