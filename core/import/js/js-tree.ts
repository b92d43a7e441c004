/** A part of a JavaScript expression, as far as automation tools use them. */
export type JsNode =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'undefined' }
  | { readonly kind: 'template'; readonly parts: readonly (string | JsNode)[] }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'member'; readonly of: JsNode; readonly name: string }
  | { readonly kind: 'index'; readonly of: JsNode; readonly at: JsNode }
  | { readonly kind: 'call'; readonly of: JsNode; readonly args: readonly JsNode[]; readonly isNew: boolean }
  | { readonly kind: 'unary'; readonly operator: string; readonly of: JsNode }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: JsNode; readonly right: JsNode }
  | { readonly kind: 'choice'; readonly test: JsNode; readonly yes: JsNode; readonly no: JsNode }
  | { readonly kind: 'list'; readonly items: readonly JsNode[] }
  | { readonly kind: 'object'; readonly fields: readonly (readonly [name: string, value: JsNode])[] }
  | { readonly kind: 'arrow'; readonly parameters: readonly string[]; readonly body: JsNode };

/** Why an expression cannot be taken over. */
export class Unsure extends Error {}
