import type { ReactNode } from 'react';

import { UserMenu } from './user-menu.tsx';

export interface PageHeaderProps {
  title: ReactNode;
  /** Beside the title, for example the live dot. */
  aside?: ReactNode;
  /** The page's buttons, the main one last. */
  actions?: ReactNode;
  /** A second line: filters or tabs. */
  children?: ReactNode;
}

/** The top of a page. Stays in sight while the page scrolls; on narrow windows it carries the account's menu. */
export function PageHeader({ title, aside, actions, children }: PageHeaderProps) {
  return (
    <header className="sticky top-0 z-20 shrink-0 border-b border-border bg-background/95 backdrop-blur-sm">
      <div className="flex min-h-13 items-center gap-3 px-4 py-2 md:px-6">
        <h1 className="min-w-0 truncate text-lg font-semibold tracking-tight">{title}</h1>
        {aside}
        <div className="ml-auto flex shrink-0 items-center gap-2">
          {actions}
          <div className="md:hidden">
            <UserMenu isFolded={false} isCompact />
          </div>
        </div>
      </div>
      {children}
    </header>
  );
}
