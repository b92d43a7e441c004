import type { FlowDocument } from '#core/flow-document.ts';

/** Saves a document as `<slug>.json` through the browser. */
export function downloadFlow(document: FlowDocument): void {
  const blob = new Blob([`${JSON.stringify(document, null, 2)}\n`], { type: 'application/json' });
  const url = URL.createObjectURL(blob);
  const link = window.document.createElement('a');
  link.href = url;
  link.download = `${document.slug}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
