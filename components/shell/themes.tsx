import { Monitor, Moon, Sun } from 'lucide-react';

/** The themes that a person can choose, by the names of next-themes; `command` says it outside of a menu about themes. */
export const THEMES = [
  { value: 'light', label: 'Light', command: 'Light theme', icon: <Sun aria-hidden /> },
  { value: 'dark', label: 'Dark', command: 'Dark theme', icon: <Moon aria-hidden /> },
  { value: 'system', label: 'As the system', command: 'Theme of the system', icon: <Monitor aria-hidden /> },
];
