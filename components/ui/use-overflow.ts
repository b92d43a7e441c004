import { useEffect, useState } from 'react';

/**
 * Whether an element holds more than it shows, so that it scrolls. Looked at whenever its own size or that of what it holds is another.
 */
export function useOverflow(element: HTMLElement | null): boolean {
  const [overflows, setOverflows] = useState(false);
  useEffect(() => {
    if (!element) return;
    const sizes = new ResizeObserver(() => setOverflows(element.scrollHeight > element.clientHeight));
    const watch = () => {
      sizes.disconnect();
      for (const part of [element, ...element.children]) sizes.observe(part);
    };
    const parts = new MutationObserver(watch);
    watch();
    parts.observe(element, { childList: true });
    return () => {
      sizes.disconnect();
      parts.disconnect();
    };
  }, [element]);
  return overflows;
}
