'use client';

import './globals.css';

import { PageProblem } from '#components/shell/page-problem.tsx';

/** In place of everything, when not even the frame of the pages could be shown. */
export default function GlobalError({ reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en">
      <head>
        <title>Patchbay</title>
      </head>
      <body>
        <main className="flex min-h-dvh flex-col">
          <PageProblem
            level={1}
            title="Patchbay could not show this page"
            message="Something in Patchbay itself failed. Your data is safe. The server’s log has the details."
            onRetry={reset}
          />
        </main>
      </body>
    </html>
  );
}
