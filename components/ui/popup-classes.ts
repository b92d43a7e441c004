/** The look and the motion shared by everything that floats: menus, selects, popovers. */
export const popupClasses = [
  'rounded-lg border border-border bg-raised text-foreground shadow-popup outline-none',
  'origin-(--transform-origin) transition-[opacity,scale] duration-100 ease-out',
  'data-[ending-style]:scale-98 data-[ending-style]:opacity-0 data-[starting-style]:scale-98 data-[starting-style]:opacity-0',
];

/** The look of the dimmed page behind a dialog. */
export const backdropClasses = [
  'fixed inset-0 z-40 bg-scrim transition-opacity duration-150',
  'data-[ending-style]:opacity-0 data-[starting-style]:opacity-0',
];
