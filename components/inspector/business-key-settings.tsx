'use client';

import { useState } from 'react';

import { Input } from '#components/ui/input.tsx';
import { Switch } from '#components/ui/switch.tsx';
import { flowSettingsSchema, type FlowSettings } from '#core/flow-document.ts';

import type { FlowSettingsProps } from './flow-settings-props.ts';
import { plainField } from './plain-field.ts';
import { useSettings } from './setting-context.tsx';
import { Setting } from './setting.tsx';
import { SettingFrame } from './setting-frame.tsx';

type BusinessKeySetting = NonNullable<FlowSettings['businessKey']>;

const VALUE_FIELD = {
  ...plainField('value', 'expression', 'trigger.body.number'),
  title: 'Where it stands in the event',
  help: 'A text or a number. An event without it runs all the same, and its run says so.',
  isRequired: true,
  allowsExpression: true,
};
const START: BusinessKeySetting = { name: 'order', value: { $expr: '' } };

/** What runs are about: their number in the business, which people know. */
export function BusinessKeySettings({ settings, set }: FlowSettingsProps) {
  const { isReadOnly } = useSettings();
  const { businessKey } = settings;
  return (
    <>
      <SettingFrame
        title="Find runs by a business key"
        place="/settings/businessKey"
        isInline
        help={businessKey ? undefined : 'Such as the number of an order: “order 4711” then finds its runs.'}
      >
        {(ids) => (
          <Switch
            aria-labelledby={ids.labelledBy}
            disabled={isReadOnly}
            checked={businessKey !== undefined}
            onCheckedChange={(isOn) => set({ businessKey: isOn ? START : undefined })}
          />
        )}
      </SettingFrame>
      {businessKey && (
        <div className="flex flex-col gap-4 border-l border-border pl-3">
          <NameSetting
            name={businessKey.name}
            onChange={(name) => set({ businessKey: { ...businessKey, name } })}
          />
          <Setting
            field={VALUE_FIELD}
            value={businessKey.value}
            place="/settings/businessKey/value"
            onChange={(value) => set({ businessKey: { ...businessKey, value: value ?? '' } })}
          />
        </div>
      )}
    </>
  );
}

const nameSchema = flowSettingsSchema.shape.businessKey.unwrap().shape.name;

/** A name that is no name yet stays in the field: a draft with it could not be saved. */
function NameSetting({ name, onChange }: { name: string; onChange: (name: string) => void }) {
  const { isReadOnly } = useSettings();
  const [typed, setTyped] = useState<string | null>(null);
  const isFaulty = typed !== null && !nameSchema.safeParse(typed).success;
  return (
    <SettingFrame
      title="What it is a number of"
      place="/settings/businessKey/name"
      help={isFaulty ? 'Start with a letter; then letters, digits and blanks, 40 at most.' : undefined}
    >
      {(ids) => (
        <Input
          aria-labelledby={ids.labelledBy}
          aria-describedby={ids.describedBy}
          aria-invalid={isFaulty}
          readOnly={isReadOnly}
          value={typed ?? name}
          placeholder="order"
          onValueChange={(next) => {
            setTyped(next);
            if (nameSchema.safeParse(next).success) onChange(next);
          }}
          onBlur={() => setTyped(null)}
        />
      )}
    </SettingFrame>
  );
}
