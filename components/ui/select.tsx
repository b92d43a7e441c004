'use client';

import { Select as BaseSelect } from '@base-ui/react/select';
import { Check, ChevronsUpDown } from 'lucide-react';
import type { ReactNode } from 'react';

import { cn } from './cn.ts';
import { controlClasses } from './input.tsx';
import { popupClasses } from './popup-classes.ts';

export interface SelectOption<T extends string = string> {
  readonly value: T;
  readonly label: ReactNode;
  /** A second, quieter line in the list. */
  readonly hint?: ReactNode;
  readonly disabled?: boolean;
}

export interface SelectProps<T extends string> {
  options: readonly SelectOption<T>[];
  value: T | null;
  onValueChange: (value: T) => void;
  placeholder?: string;
  disabled?: boolean;
  name?: string;
  id?: string;
  /** Needed where no `Field` labels the select. */
  'aria-label'?: string;
  className?: string;
  size?: 'sm' | 'md';
}

/** A choice of one from a short list. */
export function Select<T extends string>(props: SelectProps<T>) {
  const {
    options,
    value,
    onValueChange,
    placeholder = 'Choose…',
    disabled,
    name,
    id,
    className,
    size = 'md',
  } = props;
  return (
    <BaseSelect.Root<T>
      items={options.map(({ value: optionValue, label }) => ({ value: optionValue, label }))}
      value={value}
      onValueChange={(next) => {
        if (next !== null) onValueChange(next);
      }}
      disabled={disabled}
      name={name}
      id={id}
    >
      <BaseSelect.Trigger
        aria-label={props['aria-label']}
        className={cn(
          controlClasses,
          'flex cursor-pointer items-center justify-between gap-2 px-2.5 text-left hover:bg-muted data-[disabled]:opacity-60 data-[popup-open]:bg-muted',
          size === 'sm' ? 'h-7 text-xs pointer-coarse:h-9' : 'h-8 pointer-coarse:h-10',
          className,
        )}
      >
        <BaseSelect.Value
          className="truncate data-[placeholder]:text-subtle-foreground"
          placeholder={placeholder}
        />
        <BaseSelect.Icon className="text-subtle-foreground">
          <ChevronsUpDown aria-hidden className="size-3.5" />
        </BaseSelect.Icon>
      </BaseSelect.Trigger>
      <BaseSelect.Portal>
        <BaseSelect.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50 outline-none">
          <BaseSelect.Popup
            className={cn(
              popupClasses,
              'max-h-(--available-height) min-w-(--anchor-width) overflow-y-auto p-1',
            )}
          >
            {options.map((option) => (
              <SelectItem key={option.value} option={option} />
            ))}
          </BaseSelect.Popup>
        </BaseSelect.Positioner>
      </BaseSelect.Portal>
    </BaseSelect.Root>
  );
}

function SelectItem({ option }: { option: SelectOption }) {
  return (
    <BaseSelect.Item
      value={option.value}
      disabled={option.disabled}
      className={cn(
        'grid cursor-pointer grid-cols-[1fr_auto] items-center gap-3 rounded-sm px-2 py-1.5 text-sm outline-none select-none pointer-coarse:py-2.5',
        'data-[disabled]:cursor-default data-[disabled]:opacity-50 data-[highlighted]:bg-muted',
      )}
    >
      <span className="min-w-0">
        <BaseSelect.ItemText className="block truncate">{option.label}</BaseSelect.ItemText>
        {option.hint !== undefined && (
          <span className="block text-xs text-muted-foreground">{option.hint}</span>
        )}
      </span>
      <BaseSelect.ItemIndicator>
        <Check aria-hidden className="size-3.5 text-accent-text" />
      </BaseSelect.ItemIndicator>
    </BaseSelect.Item>
  );
}
