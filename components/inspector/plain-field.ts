import type { FormField, FormWidget } from './form-model.ts';

/** A field that is no setting of an operation: a literal, for options of the node and of the flow. */
export function plainField(name: string, widget: FormWidget, placeholder?: string): FormField {
  return {
    name,
    title: name,
    widget,
    placeholder,
    allowsExpression: false,
    isExpressionOnly: false,
    isRequired: false,
    isAdvanced: false,
  };
}
