import { EditorView } from '@codemirror/view';
import type { Extension } from '@codemirror/state';

import { wholePill } from '#core/pills/find-pills.ts';
import { island } from '#core/pills/pill-text.ts';

/** Lets pills be copied between texts and expressions: on the clipboard a pill is always `{{ path }}`. */
export function pillClipboard(kind: 'expression' | 'template'): Extension {
  if (kind === 'template') return [];
  return [
    EditorView.clipboardOutputFilter.of((text) => {
      const path = wholePill(text);
      return path ? island(path) : text;
    }),
    EditorView.clipboardInputFilter.of((text) => {
      const inner = /^\s*\{\{([^]*)\}\}\s*$/.exec(text)?.[1];
      return inner !== undefined && wholePill(inner) ? inner.trim() : text;
    }),
  ];
}
