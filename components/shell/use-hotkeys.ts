'use client';

import { useEffect, useEffectEvent } from 'react';
import { createKeybindingsHandler } from 'tinykeys';

/** Keys of a page, by `tinykeys` name. They rest while somebody types and while a dialog or a menu is open. */
export function useHotkeys(keys: Readonly<Record<string, (event: KeyboardEvent) => void>>): void {
  const names = Object.keys(keys).join(' ');
  const press = useEffectEvent((name: string, event: KeyboardEvent) => {
    if (isTaken(event)) return;
    event.preventDefault();
    keys[name]?.(event);
  });
  useEffect(() => {
    const bindings = Object.fromEntries(
      names.split(' ').map((name) => [name, (event: KeyboardEvent) => press(name, event)]),
    );
    const handler = createKeybindingsHandler(bindings);
    window.addEventListener('keydown', handler);
    return () => window.removeEventListener('keydown', handler);
  }, [names]);
}

function isTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest('input, textarea, select, [contenteditable="true"], [role="textbox"]')) return true;
  return (
    document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]') !== null
  );
}
