/** How well a word finds a label: 5 at its start, 4 at the start of a word in it, 3 inside, 1 letter by letter, 0 not. Lower case. */
export function wordScore(label: string, word: string): number {
  if (label.startsWith(word)) return 5;
  if (label.split(/[^a-z0-9]+/).some((part) => part.startsWith(word))) return 4;
  if (label.includes(word)) return 3;
  return isSubsequence(word, label) ? 1 : 0;
}

/** The words of what somebody typed, in lower case. */
export function wordsOf(query: string): string[] {
  return query.toLowerCase().split(/\s+/).filter(Boolean);
}

/** `htrq` finds `HTTP request`: the letters in their order, with others between. */
function isSubsequence(word: string, text: string): boolean {
  let from = 0;
  for (const letter of word) {
    const at = text.indexOf(letter, from);
    if (at < 0) return false;
    from = at + 1;
  }
  return true;
}
