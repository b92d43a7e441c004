'use client';

import { TriangleAlert } from 'lucide-react';

import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';

/** In place of what could not be shown: why, and another try. */
export function PageProblem(props: {
  title: string;
  message: string;
  onRetry: () => void;
  isRetrying?: boolean;
  level?: 1 | 2;
}) {
  return (
    <div role="alert" className="flex flex-1 items-center justify-center">
      <EmptyState
        level={props.level}
        icon={<TriangleAlert aria-hidden />}
        title={props.title}
        description={props.message}
      >
        <Button onClick={props.onRetry} loading={props.isRetrying}>
          Try again
        </Button>
      </EmptyState>
    </div>
  );
}
