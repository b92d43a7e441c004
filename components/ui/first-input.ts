const SIGNS = ['pointermove', 'pointerdown', 'touchstart', 'keydown', 'focusin'] as const;

/** Calls once, at the first sign that a person is there: before a pointer has reached a button. Returns what calls it off. */
export function onFirstInput(callback: () => void): () => void {
  const stop = () => {
    for (const sign of SIGNS) window.removeEventListener(sign, hear, true);
  };
  const hear = () => {
    stop();
    callback();
  };
  for (const sign of SIGNS) window.addEventListener(sign, hear, { capture: true, passive: true });
  return stop;
}
