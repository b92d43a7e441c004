/** About half a second. */
const MAX_FRAMES = 30;

/** What was just added is drawn some frames later, and out of sight until it is measured: only then can it take focus. */
export function whenDrawn(selector: string, act: (element: HTMLElement) => void): void {
  let frame = 0;
  const look = () => {
    const element = document.querySelector<HTMLElement>(selector);
    frame += 1;
    if (element && getComputedStyle(element).visibility === 'visible') act(element);
    else if (frame < MAX_FRAMES) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
