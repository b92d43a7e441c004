import { flowDocumentSchema, type FlowDocument } from '#core/flow-document.ts';

/** A document out of the database, its members in the order of the schema (jsonb keeps none), so that exports diff well. */
export function storedDocument(value: unknown): FlowDocument {
  return flowDocumentSchema.parse(value);
}
