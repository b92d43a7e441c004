'use client';

import { lazy, Suspense } from 'react';

import type { CodeFieldProps } from './code-field.tsx';

// The editor is the heaviest part of the page: it is loaded when the first node is opened, not with the canvas.
const LoadedCodeField = lazy(async () => ({ default: (await import('./code-field.tsx')).CodeField }));

/** `CodeField`, with an empty field of the same size while its code is on the way. */
export function LazyCodeField(props: CodeFieldProps) {
  return (
    <Suspense fallback={<Placeholder {...props} />}>
      <LoadedCodeField {...props} />
    </Suspense>
  );
}

function Placeholder({ value, lines = 1, kind }: CodeFieldProps) {
  return (
    <div className="code-field" data-kind={kind}>
      <div
        className="truncate px-2.5 py-1.5 text-sm text-muted-foreground"
        style={{ minHeight: `${lines * 1.25 + 0.625}rem` }}
      >
        {value || '\u00a0'}
      </div>
    </div>
  );
}
