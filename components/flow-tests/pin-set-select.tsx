'use client';

import { useEditor, useEditorStore } from '#components/canvas/editor-context.tsx';
import { Field } from '#components/ui/field.tsx';
import { Select } from '#components/ui/select.tsx';
import { DEFAULT_SET, pinSetNames } from '#core/pins/pin-sets.ts';

/** Chooses the set of pins that is shown and that test runs answer with; nothing while there is only the default one. */
export function PinSetSelect() {
  const store = useEditorStore();
  const document = useEditor((state) => state.document);
  const chosen = useEditor((state) => state.pinSet);
  const names = pinSetNames(document);
  if (names.length === 1) return null;
  return (
    <Field inline label="Pins">
      <Select
        size="sm"
        className="w-48"
        options={pinSetOptions(names)}
        value={names.includes(chosen) ? chosen : DEFAULT_SET}
        onValueChange={(pinSet) => store.setState({ pinSet })}
      />
    </Field>
  );
}

/** The sets as a list to choose from. */
export function pinSetOptions(names: readonly string[]) {
  return names.map((name) => ({ value: name, label: name === DEFAULT_SET ? 'Default set' : name }));
}
