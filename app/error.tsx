'use client';

import { PageProblem } from '#components/shell/page-problem.tsx';

export default function ErrorPage({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  const reference = error.digest === undefined ? '' : ` Reference for the server’s log: ${error.digest}.`;
  return (
    <div className="flex min-h-dvh flex-col">
      <PageProblem
        level={1}
        title="This page could not be shown"
        message={`Something in Patchbay itself failed. Your data is safe.${reference}`}
        onRetry={reset}
      />
    </div>
  );
}
