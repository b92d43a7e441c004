import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

/** The panel of the pages before sign-in. */
export function AuthCard(props: { title: string; description?: ReactNode; children: ReactNode }) {
  return (
    <section className="rounded-xl border border-border bg-surface p-6 shadow-popup">
      <h1 className="text-lg font-semibold tracking-tight">{props.title}</h1>
      {props.description !== undefined && (
        <p className="mt-1 text-sm leading-5 text-muted-foreground">{props.description}</p>
      )}
      <div className="mt-5">{props.children}</div>
    </section>
  );
}

/** What went wrong, above a form's button; read out when it appears. */
export function FormProblem({ message }: { message: string | null }) {
  return (
    <div role="alert" className="empty:hidden">
      {message !== null && (
        <p className="flex items-start gap-2 rounded-md bg-danger-soft px-3 py-2 text-sm text-danger">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span className="min-w-0 break-words">{message}</span>
        </p>
      )}
    </div>
  );
}
