/**
 * Where a text stops being JSON, in words: `at line 3, character 7`, or `at its end`. Engines do not say so themselves for
 * short texts. A start of the text is good as long as the only thing wrong with it is that it ends.
 */
export function jsonPlace(text: string): string {
  if (isGoodStart(text)) return 'at its end';
  let [good, bad] = [0, text.length];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (isGoodStart(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  const before = text.slice(0, good);
  return `at line ${before.split('\n').length}, character ${good - before.lastIndexOf('\n')}`;
}

function isGoodStart(start: string): boolean {
  try {
    JSON.parse(start);
    return true;
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : '';
    const position = /at position (\d+)/.exec(message)?.[1];
    if (position !== undefined) return Number(position) >= start.length;
    return /end of|unterminated|unexpected eof/i.test(message);
  }
}
