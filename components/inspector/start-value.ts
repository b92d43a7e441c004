import { isJsonObject } from '#core/json.ts';
import type { Json } from '#core/json.ts';

import type { FormField } from './form-model.ts';

/** What a new item of a list begins with: its required settings, and names of ports that the others do not have. */
export function startItem(field: FormField, others: readonly Json[]): Json {
  if (field.widget !== 'object') return startValue(field);
  const entries = (field.fields ?? [])
    .filter((part) => part.isRequired || part.widget === 'expression')
    .map((part) => [part.name, part.widget === 'port' ? freePort(part.name, others) : startValue(part)]);
  return Object.fromEntries(entries) as Json;
}

/** What a setting begins with when there has to be something. */
export function startValue(field: FormField): Json {
  if (field.defaultValue !== undefined) return field.defaultValue;
  switch (field.widget) {
    case 'expression':
      return { $expr: '' };
    case 'select':
      return field.options?.[0] ?? '';
    case 'switch':
      return false;
    case 'number':
      return 0;
    case 'list':
      return field.item ? [startItem(field.item, [])] : [];
    case 'object':
      return startItem(field, []);
    case 'key_values':
    case 'json':
      return {};
    default:
      return '';
  }
}

function freePort(name: string, others: readonly Json[]): string {
  const taken = new Set(others.map((item) => (isJsonObject(item) ? item[name] : undefined)));
  let number = others.length + 1;
  while (taken.has(`case_${number}`)) number += 1;
  return `case_${number}`;
}
