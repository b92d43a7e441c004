'use client';

import { Check, ChevronsUpDown } from 'lucide-react';
import { use, type ReactNode } from 'react';
import { useStore } from 'zustand';

import { cn } from './cn.ts';
import { FieldLabelContext } from './field-label.ts';
import { controlClasses } from './input.tsx';
import { popupClasses } from './popup-classes.ts';
import { giveTo, PopupTrigger, useTriggerLink } from './popup-trigger.tsx';
import { popupParts, usePopups } from './popups.ts';

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
    id,
    className,
    size = 'md',
  } = props;
  const link = useTriggerLink();
  const labelId = use(FieldLabelContext);
  const parts = usePopups();
  const hasTrigger = useStore(link.slot, ({ element }) => element !== null);
  const chosen = options.find((option) => option.value === value);
  return (
    <>
      <PopupTrigger
        link={link}
        haspopup="listbox"
        openKeys={OPEN_KEYS}
        role="combobox"
        {...(id !== undefined && { id })}
        aria-label={props['aria-label']}
        {...(labelId !== undefined && { 'aria-labelledby': labelId })}
        disabled={disabled}
        className={cn(
          controlClasses,
          'flex cursor-pointer items-center justify-between gap-2 px-2.5 text-left hover:bg-muted data-[disabled]:opacity-60 data-[popup-open]:bg-muted',
          size === 'sm' ? 'h-7 text-xs pointer-coarse:h-9' : 'h-8 pointer-coarse:h-10',
          className,
        )}
      >
        <span className={cn('truncate', chosen === undefined && 'text-subtle-foreground')}>
          {chosen?.label ?? placeholder}
        </span>
        <span aria-hidden className="text-subtle-foreground">
          <ChevronsUpDown className="size-3.5" />
        </span>
      </PopupTrigger>
      {parts !== undefined && hasTrigger && (
        <parts.Select.Root<T>
          items={options.map(({ value: optionValue, label }) => ({ value: optionValue, label }))}
          value={value}
          onValueChange={(next) => {
            if (next !== null) onValueChange(next);
          }}
          disabled={disabled}
          id={id}
        >
          <parts.Select.Trigger id={id ?? link.id} render={giveTo(link)} />
          <parts.Select.Portal>
            <parts.Select.Positioner
              sideOffset={4}
              alignItemWithTrigger={false}
              className="z-50 outline-none"
            >
              <parts.Select.Popup
                className={cn(
                  popupClasses,
                  'max-h-(--available-height) min-w-(--anchor-width) overflow-y-auto p-1',
                )}
              >
                {options.map((option) => (
                  <SelectItem key={option.value} option={option} />
                ))}
              </parts.Select.Popup>
            </parts.Select.Positioner>
          </parts.Select.Portal>
        </parts.Select.Root>
      )}
    </>
  );
}

const OPEN_KEYS = ['ArrowDown', 'ArrowUp'];

function SelectItem({ option }: { option: SelectOption }) {
  const parts = popupParts();
  return (
    <parts.Select.Item
      value={option.value}
      disabled={option.disabled}
      className={cn(
        'grid cursor-pointer grid-cols-[1fr_auto] items-center gap-3 rounded-sm px-2 py-1.5 text-sm outline-none select-none pointer-coarse:py-2.5',
        'data-[disabled]:cursor-default data-[disabled]:opacity-50 data-[highlighted]:bg-muted',
      )}
    >
      <span className="min-w-0">
        <parts.Select.ItemText className="block truncate">{option.label}</parts.Select.ItemText>
        {option.hint !== undefined && (
          <span className="block text-xs text-muted-foreground">{option.hint}</span>
        )}
      </span>
      <parts.Select.ItemIndicator>
        <Check aria-hidden className="size-3.5 text-accent-text" />
      </parts.Select.ItemIndicator>
    </parts.Select.Item>
  );
}
