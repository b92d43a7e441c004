import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createEditorStore } from '#components/canvas/editor-store.ts';
import { catalog } from '#connectors/definitions.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { orderFlow } from '#test/support/editor-flow.ts';
import { anyEdits } from '#test/support/random-edits.ts';

/** What a person does: edits, some of them letters of one word, and going back and forth in between. */
const anyMove = fc.oneof(
  { weight: 4, arbitrary: anyEdits().map((edits) => ({ kind: 'edit', edits }) as const) },
  { weight: 1, arbitrary: anyEdits().map((edits) => ({ kind: 'type', edits }) as const) },
  { weight: 1, arbitrary: fc.constantFrom({ kind: 'undo' } as const, { kind: 'redo' } as const) },
);

describe('undo and redo over random edits', () => {
  it('undoing all gives the identical document, redoing all that before', () => {
    fc.assert(
      fc.property(fc.array(anyMove, { maxLength: 8 }), (moves) => {
        let clock = 0;
        const first = orderFlow();
        const store = createEditorStore({
          document: first,
          catalog,
          onRefused: () => {},
          now: () => (clock += 100),
        });
        const now = (): FlowDocument => store.getState().document;
        for (const move of moves) {
          if (move.kind === 'undo') store.undo();
          else if (move.kind === 'redo') store.redo();
          else {
            const options = move.kind === 'type' ? { mergeKey: 'a field' } : {};
            for (const edit of move.edits) store.apply(edit, options);
          }
        }
        const redone = goAll(() => store.redo(), now);
        const last = redone.at(-1) ?? now();
        const text = JSON.stringify(last);
        const back = goAll(() => store.undo(), now);
        expect(now()).toBe(first);
        expect(JSON.stringify(now())).toBe(JSON.stringify(orderFlow()));
        const forth = goAll(() => store.redo(), now);
        expect(now()).toBe(last);
        expect(JSON.stringify(now())).toBe(text);
        expect(forth.slice(0, -1)).toEqual(back.toReversed().slice(1));
      }),
      { numRuns: 300 },
    );
  });
});

/** Goes as far as it goes; the documents that were passed, in order. */
function goAll(go: () => void, now: () => FlowDocument): FlowDocument[] {
  const passed: FlowDocument[] = [];
  for (let before = now(); ; before = now()) {
    go();
    if (now() === before) return passed;
    passed.push(now());
  }
}
