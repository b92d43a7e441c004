'use client';

import { useState } from 'react';

import { Input } from '#components/ui/input.tsx';

import { useEditor, useEditorStore } from './editor-context.tsx';

/** The flow's name, edited in place. Empty is no name: leaving the field brings the last one back. */
export function FlowName() {
  const store = useEditorStore();
  const name = useEditor((state) => state.document.name);
  const [isEmpty, setIsEmpty] = useState(false);
  return (
    <>
      <h1 className="sr-only">{name}</h1>
      <Input
        aria-label="Name of the flow"
        className="field-sizing-content h-8 w-auto max-w-full min-w-12 text-ellipsis sm:max-w-80 border-transparent bg-transparent px-1.5 text-base font-semibold shadow-none hover:border-border-strong"
        title={name}
        value={isEmpty ? '' : name}
        maxLength={200}
        readOnly={store.isReadOnly}
        onChange={(event) => {
          const next = event.target.value;
          setIsEmpty(next.trim() === '');
          if (next.trim() !== '') store.apply({ kind: 'describe_flow', name: next }, { mergeKey: 'name' });
        }}
        onBlur={() => setIsEmpty(false)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
        }}
      />
    </>
  );
}
