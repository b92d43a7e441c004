import { useLayoutEffect, useState } from 'react';

/**
 * Whether an element holds more than it shows, so that the wheel scrolls it instead of panning the canvas. Looked at anew
 * whenever `content` is another.
 */
export function useOverflow(element: HTMLElement | null, content: unknown): boolean {
  const [overflows, setOverflows] = useState(false);
  useLayoutEffect(() => {
    if (element) setOverflows(element.scrollHeight > element.clientHeight);
  }, [element, content]);
  return overflows;
}
