'use client';

import { Ellipsis } from 'lucide-react';
import { useRef } from 'react';

import { useEditorStore } from '#components/canvas/editor-context.tsx';
import { focusCanvas } from '#components/canvas/focus-region.ts';
import { keysFor } from '#components/canvas/shortcuts.ts';
import { Button } from '#components/ui/button.tsx';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '#components/ui/menu.tsx';

import { outlineActions } from './outline-actions.ts';
import type { OutlineAction } from './outline-actions.ts';
import type { OutlineItem } from './outline-item.ts';
import { OUTLINE_SHORTCUTS } from './outline-shortcuts.ts';

export interface OutlineMenuProps {
  readonly item: OutlineItem;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

/** All that can be done at a row, with its keys. */
export function OutlineMenu({ item, isOpen, onOpenChange }: OutlineMenuProps) {
  const store = useEditorStore();
  const hasChosen = useRef(false);
  const actions = outlineActions(store, item);
  if (actions.length === 0) return null;
  const choose = ({ run }: OutlineAction) => {
    hasChosen.current = true;
    run();
    // Once the menu has gone; a field or a list that the action opened takes the focus itself.
    requestAnimationFrame(() => {
      const { picker, fieldToOpen } = store.getState();
      if (!picker && !fieldToOpen) focusCanvas();
    });
  };
  return (
    <Menu
      open={isOpen}
      onOpenChange={(open) => {
        hasChosen.current = false;
        onOpenChange(open);
      }}
    >
      <MenuTrigger
        tabIndex={-1}
        render={<Button variant="ghost" size="sm" aria-label="Actions" className="size-7 px-0" />}
      >
        <Ellipsis aria-hidden />
      </MenuTrigger>
      <MenuContent
        align="end"
        finalFocus={() => {
          if (!hasChosen.current) focusCanvas();
          return false;
        }}
      >
        {actions.map((action) => (
          <MenuItem
            key={action.id}
            keys={keysFor(OUTLINE_SHORTCUTS, action.id)}
            danger={action.id === 'remove'}
            onClick={() => choose(action)}
          >
            {action.label}
          </MenuItem>
        ))}
      </MenuContent>
    </Menu>
  );
}
