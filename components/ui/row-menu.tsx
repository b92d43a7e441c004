'use client';

import { Ellipsis } from 'lucide-react';
import type { ReactNode } from 'react';

import { Button } from './button.tsx';
import { Menu, MenuContent, MenuTrigger } from './menu.tsx';
import { TableHeader } from './table.tsx';

/** The commands for one row of a table, behind the three dots at its end. */
export function RowMenu({ name, children }: { name: string; children: ReactNode }) {
  return (
    // Above the link that covers the row.
    <div className="relative z-1 flex justify-end">
      <Menu>
        <MenuTrigger
          render={
            <Button
              variant="ghost"
              size="sm"
              aria-label={`Actions of ${name}`}
              className="size-7 px-0 pointer-coarse:size-9"
            />
          }
        >
          <Ellipsis aria-hidden />
        </MenuTrigger>
        <MenuContent align="end">{children}</MenuContent>
      </Menu>
    </div>
  );
}

/** The heading over the menus of the rows: heard, not seen. */
export function RowMenuHeader() {
  return (
    <TableHeader className="w-12">
      <span className="sr-only">Actions</span>
    </TableHeader>
  );
}
