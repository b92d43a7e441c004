'use client';

import { Select } from '#components/ui/select.tsx';
import { isJsonObject } from '#core/json.ts';
import type { JsonObject } from '#core/json.ts';

import type { FormVariant } from './form-model.ts';
import { useSettings } from './setting-context.tsx';
import type { SettingParentProps } from './setting-props.ts';

/** One of several forms: first which, then its settings. Settings that both forms have are kept on a change. */
export function UnionSetting({ field, value, place, onChange, list: SettingList }: SettingParentProps) {
  const { isReadOnly } = useSettings();
  const discriminator = field.discriminator ?? 'kind';
  const variants = field.variants ?? [];
  const values = isJsonObject(value) ? value : isJsonObject(field.defaultValue) ? field.defaultValue : {};
  const chosen = variants.find((variant) => variant.value === values[discriminator]);
  return (
    <div className="flex flex-col gap-2" data-place={`${place}/${discriminator}`}>
      <Select
        aria-label={field.title}
        disabled={isReadOnly}
        options={variants.map((variant) => ({ value: variant.value, label: variant.title }))}
        value={chosen?.value ?? null}
        onValueChange={(next) => {
          const variant = variants.find((candidate) => candidate.value === next);
          if (variant) onChange(startVariant(values, discriminator, variant));
        }}
      />
      {chosen?.help !== undefined && <p className="text-xs text-muted-foreground">{chosen.help}</p>}
      {chosen && chosen.fields.length > 0 && (
        <div className="mt-1 flex flex-col gap-4 border-l border-border pl-3">
          <SettingList fields={chosen.fields} values={values} place={place} onChange={onChange} />
        </div>
      )}
    </div>
  );
}

function startVariant(values: JsonObject, discriminator: string, variant: FormVariant): JsonObject {
  const shared = variant.fields.flatMap(({ name }) => {
    const value = values[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { [discriminator]: variant.value, ...Object.fromEntries(shared) };
}
