'use client';

import { PasswordInput } from '#components/shell/password-input.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { Textarea } from '#components/ui/textarea.tsx';

import type { ConnectionField } from './connection-fields.ts';

export interface ConnectionFieldInputProps {
  field: ConnectionField;
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
}

/** The control of one field of a connection. What is secret is typed unseen, and never filled in by the browser. */
export function ConnectionFieldInput({ field, value, onChange, error }: ConnectionFieldInputProps) {
  return (
    <Field
      label={field.label}
      help={field.help}
      error={error}
      optional={!field.isRequired && field.fallback === undefined}
    >
      <Control field={field} value={value} onChange={onChange} />
    </Field>
  );
}

function Control({ field, value, onChange }: Omit<ConnectionFieldInputProps, 'error'>) {
  if (field.choices !== undefined) {
    const options = field.choices.map((choice) => ({ value: choice, label: choice }));
    return (
      <Select
        options={options}
        value={value === '' ? (field.fallback ?? null) : value}
        onValueChange={onChange}
      />
    );
  }
  const common = {
    placeholder: field.placeholder ?? field.fallback,
    autoComplete: 'off',
    required: field.isRequired,
  };
  if (field.isMultiline) {
    return <Textarea {...common} mono value={value} onChange={(event) => onChange(event.target.value)} />;
  }
  return field.isSecret ? (
    // Password managers leave new-password fields alone until asked.
    <PasswordInput
      {...common}
      autoComplete="new-password"
      className="font-mono"
      value={value}
      onValueChange={onChange}
    />
  ) : (
    <Input {...common} spellCheck={false} autoCapitalize="none" value={value} onValueChange={onChange} />
  );
}
