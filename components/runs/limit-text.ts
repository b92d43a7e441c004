const MOST = 100_000;

/** The beginning of a long text, as much as a browser draws without a pause. */
export function limitText(text: string, most = MOST): { readonly text: string; readonly isCut: boolean } {
  return text.length <= most ? { text, isCut: false } : { text: `${text.slice(0, most)}\n…`, isCut: true };
}
