/** Control characters, and those that turn the direction of text around. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** Text from outside as one line that cannot disguise what stands around it, so long at most. */
export function plainLine(text: string, maxLength: number): string {
  return text.replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim().slice(0, maxLength).toWellFormed();
}
