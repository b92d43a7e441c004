'use client';

// All that floats, as one script: it is loaded at the first sign of a person, see `popups.ts`.
export { AlertDialog } from '@base-ui/react/alert-dialog';
export { Dialog } from '@base-ui/react/dialog';
export { Menu } from '@base-ui/react/menu';
export { Popover } from '@base-ui/react/popover';
export { Select } from '@base-ui/react/select';
export { Tooltip } from '@base-ui/react/tooltip';
