import { flowDocumentSchema, type FlowDocument } from '#core/flow-document.ts';

/** A document out of the database, its members in the order of the schema, so that exports diff well; what people wrote in their own order stays so. */
export function storedDocument(value: unknown): FlowDocument {
  return flowDocumentSchema.parse(value);
}
