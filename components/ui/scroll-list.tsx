'use client';

import { useState } from 'react';
import type { ComponentProps } from 'react';

import { cn } from './cn.ts';
import { useOverflow } from './use-overflow.ts';

/** A list of plain text that scrolls beyond the height its class gives. As nothing in it takes the focus, it does itself while it scrolls. */
export function ScrollList({ className, ...props }: Omit<ComponentProps<'ul'>, 'ref' | 'tabIndex'>) {
  const [list, setList] = useState<HTMLElement | null>(null);
  const isScrolled = useOverflow(list);
  return (
    <ul
      ref={setList}
      tabIndex={isScrolled ? 0 : undefined}
      className={cn('overflow-y-auto focus-ring-inset', className)}
      {...props}
    />
  );
}
