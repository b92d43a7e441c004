import type { FormField } from '#components/inspector/form-model.ts';
import { formFields } from '#components/inspector/form-model.ts';
import type { InputFault } from '#components/inspector/form-or-json.tsx';
import { findOperation } from '#connectors/definitions.ts';
import type { FlowNode } from '#core/flow-document.ts';
import type { Json } from '#core/json.ts';
import { shapeFaults } from '#core/validate/check-shape.ts';

/** What the pointers of faults begin with, here and in the server's answers. */
export const INPUT_PLACE = '/input';

/** What stands in stored values where a secret was. */
const HIDDEN_MARKS = ['[secret]', '[redacted]'];

/** The form of a step's settings as values: what its expressions made, with no expression left. Null for unknown nodes. */
export function settingFields(node: FlowNode): FormField[] | null {
  const operation = findOperation(node.type, node.version)?.operation;
  if (!operation) return null;
  const fields = formFields(operation.input).map(asLiteral);
  return fields.length === 0 ? null : fields;
}

/** What is wrong with settings that a person wrote for a step, by the operation's own schema. */
export function settingFaults(node: FlowNode, value: Json): readonly InputFault[] {
  const operation = findOperation(node.type, node.version)?.operation;
  return operation ? shapeFaults(operation.input, value, ['input']) : [];
}

/** True where a stored value has a gap in place of a secret: sent as it is, the far end would get the mark. */
export function hasHiddenParts(text: string): boolean {
  return HIDDEN_MARKS.some((mark) => text.includes(mark));
}

function asLiteral(field: FormField): FormField {
  const isCode = field.widget === 'expression';
  return {
    ...field,
    widget: isCode ? 'json' : field.widget,
    allowsExpression: false,
    isExpressionOnly: false,
    ...(field.fields && { fields: field.fields.map(asLiteral) }),
    ...(field.item && { item: asLiteral(field.item) }),
    ...(field.variants && {
      variants: field.variants.map((variant) => ({ ...variant, fields: variant.fields.map(asLiteral) })),
    }),
  };
}
