'use client';

import { useEffect } from 'react';
import type { RefObject } from 'react';

import { useEditor, useEditorStore } from '#components/canvas/editor-context.tsx';

const FIELD = '.cm-content, input, textarea, select, [role=combobox], [role=switch]';

/** Opens the setting that the list of faults, F2 or Enter asked for: unfolds, scrolls and focuses. */
export function useFieldToOpen(panel: RefObject<HTMLElement | null>): void {
  const store = useEditorStore();
  const wanted = useEditor((state) => state.fieldToOpen);
  useEffect(() => {
    if (!wanted) return undefined;
    // The form of a node just selected, and the editor loaded with it, need a moment.
    const timer = setTimeout(() => {
      const place = closestPlace(panel.current, wanted.pointer);
      place?.closest('details')?.setAttribute('open', '');
      place?.scrollIntoView({ block: 'center' });
      // The button that makes it an expression stands before the field.
      const control =
        valueAt(place, wanted.pointer) ??
        place?.querySelector<HTMLElement>(FIELD) ??
        place?.querySelector<HTMLElement>('button');
      control?.focus();
      if (wanted.pointer === '/label' && control instanceof HTMLInputElement) control.select();
      store.setState({ fieldToOpen: null });
    }, 120);
    return () => clearTimeout(timer);
  }, [wanted, panel, store]);
}

/** Of a row the value, which stands after the name of the field. */
function valueAt(place: HTMLElement | null, pointer: string): HTMLElement | null {
  if (!place || place.dataset['place'] !== pointer) return null;
  return place.querySelector<HTMLElement>('.cm-content');
}

/** The setting at the pointer, or the nearest around it; the first one for an empty pointer. */
function closestPlace(panel: HTMLElement | null, pointer: string): HTMLElement | null {
  if (pointer === '')
    return panel?.querySelector<HTMLElement>('[data-place^="/config"], [data-place="/connection"]') ?? null;
  for (let place = pointer; place !== ''; place = place.slice(0, place.lastIndexOf('/'))) {
    const found = panel?.querySelector<HTMLElement>(`[data-place="${CSS.escape(place)}"]`);
    if (found) return found;
  }
  return null;
}
