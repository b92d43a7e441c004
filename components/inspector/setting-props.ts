import type { ComponentType } from 'react';

import type { Json, JsonObject } from '#core/json.ts';

import type { FormField } from './form-model.ts';
import type { SourceView } from './use-source-view.ts';
import type { FrameIds } from './setting-frame.tsx';

export interface SettingProps {
  readonly field: FormField;
  readonly value: Json | undefined;
  /** Place in the node, `/config/url`. */
  readonly place: string;
  /** `undefined` removes the setting. */
  readonly onChange: (value: Json | undefined) => void;
}

/** What a control of a setting gets besides the setting itself. */
export interface SettingControlProps extends SettingProps {
  readonly ids: FrameIds;
  /** Whether a text setting shows its source; absent where its control keeps that to itself. */
  readonly source?: SourceView;
}

export interface SettingListProps {
  readonly fields: readonly FormField[];
  readonly values: JsonObject;
  readonly place: string;
  readonly onChange: (values: JsonObject) => void;
}

/** A control that holds settings of its own gets what draws them: the form is recursive, its files are not. */
export interface SettingParentProps extends SettingControlProps {
  readonly list: ComponentType<SettingListProps>;
}
