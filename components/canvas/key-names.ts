/** The keys of a shortcut as this machine's keyboard names them. */
export function keyNames(keys: readonly string[], isMac: boolean): string[] {
  return keys.map((key) => {
    if (key === 'Mod') return isMac ? '⌘' : 'Ctrl';
    if (key === 'Alt' && isMac) return '⌥';
    return key;
  });
}

/** Whether the keyboard in front of the person has ⌘ where others have Ctrl. */
export function isMacKeyboard(): boolean {
  return /mac|iphone|ipad/i.test(navigator.userAgent);
}
