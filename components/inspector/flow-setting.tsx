'use client';

import { useFlows } from '#components/api/flows.ts';
import type { PickerOption } from '#components/canvas/picker-list.tsx';
import type { FlowSummary } from '#core/api/flows.ts';

import { SearchSelect } from './search-select.tsx';
import { useSettings } from './setting-context.tsx';
import type { SettingControlProps } from './setting-props.ts';
import { textOf } from './value-mode.ts';

const NONE = '\u0000none';

/** A flow of the workspace. What the document names stays, also while there is no such flow here. */
export function FlowSetting({
  field,
  value,
  onChange,
  ids,
  except,
}: SettingControlProps & { readonly except?: string }) {
  const { isReadOnly } = useSettings();
  const { data: flows = [], isLoading } = useFlows();
  const slug = textOf(value);
  const chosen = flows.find((flow) => flow.slug === slug);
  const isMissing = slug !== '' && !isLoading && !chosen;
  const none: readonly PickerOption[] = field.isRequired || slug === '' ? [] : [{ id: NONE, label: 'None' }];
  return (
    <>
      <SearchSelect
        label={field.title}
        options={[...none, ...flows.filter((flow) => flow.slug !== except).map(toOption)]}
        shown={chosen?.name ?? slug}
        placeholder={field.placeholder ?? 'Choose a flow…'}
        emptyText="No flow of that name."
        isDisabled={isReadOnly}
        isInvalid={ids.isInvalid}
        describedBy={ids.describedBy}
        onChoose={(id) => onChange(id === NONE ? undefined : id)}
      />
      {isMissing && (
        <p className="text-xs text-warning">
          There is no flow “{slug}” in this workspace. Choose another one.
        </p>
      )}
      {chosen?.publishedVersion === null && (
        <p className="text-xs text-warning">“{chosen.name}” is not published yet.</p>
      )}
    </>
  );
}

function toOption({ slug, name, publishedVersion }: FlowSummary): PickerOption {
  return { id: slug, label: name, hint: publishedVersion === null ? `${slug} · not published` : slug };
}
