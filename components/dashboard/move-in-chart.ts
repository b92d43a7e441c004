import type { KeyboardEvent } from 'react';

/** Arrow keys, Home and End go from bar to bar; the whole chart is one stop of the Tab key. */
export function moveInChart(event: KeyboardEvent<HTMLElement>): void {
  const bars = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-bar]')];
  const at = bars.indexOf(document.activeElement as HTMLElement);
  const targets: Partial<Record<string, number>> = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    Home: 0,
    End: bars.length - 1,
  };
  const target = targets[event.key];
  if (target === undefined || at < 0) return;
  event.preventDefault();
  bars[Math.min(bars.length - 1, Math.max(0, target))]?.focus();
}
