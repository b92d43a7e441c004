'use client';

import { useEffect, useEffectEvent, useRef } from 'react';

import { Button } from '#components/ui/button.tsx';

export interface LoadMoreProps {
  hasMore: boolean;
  isLoading: boolean;
  isFailed: boolean;
  /** Said when everything is there. */
  endLabel: string;
  onLoad: () => void;
}

/** The end of a list: loads the next page when it comes into sight, and on a press. */
export function LoadMore({ hasMore, isLoading, isFailed, endLabel, onLoad }: LoadMoreProps) {
  const marker = useRef<HTMLDivElement>(null);
  const load = useEffectEvent(() => {
    if (hasMore && !isLoading && !isFailed) onLoad();
  });
  useEffect(() => {
    const element = marker.current;
    if (element === null || !hasMore) return undefined;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) load();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [hasMore]);

  return (
    <div
      ref={marker}
      className="flex h-16 items-center justify-center border-t border-border text-xs text-subtle-foreground"
    >
      {hasMore ? (
        <Button size="sm" loading={isLoading} onClick={onLoad}>
          {isFailed ? 'Loading failed. Try again' : 'Load more'}
        </Button>
      ) : (
        endLabel
      )}
    </div>
  );
}
