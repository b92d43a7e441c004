'use client';

import { Table2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { Card, CardHeader } from '#components/ui/card.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';

export interface ChartCardProps {
  readonly title: string;
  readonly legend: readonly { readonly label: string; readonly className: string }[];
  readonly chart: ReactNode;
  /** The same figures as rows. */
  readonly table: ReactNode;
}

/** A chart, its legend, and the same as a table for those who would rather read it. */
export function ChartCard({ title, legend, chart, table }: ChartCardProps) {
  const [isTable, setIsTable] = useState(false);
  return (
    <Card aria-label={title}>
      <CardHeader
        title={title}
        actions={
          <>
            <ul aria-label="Colours" className="flex flex-wrap gap-3 text-xs text-muted-foreground">
              {legend.map(({ label, className }) => (
                <li key={label} className="flex items-center gap-1.5">
                  <span aria-hidden className={`size-2 rounded-full ${className}`} />
                  {label}
                </li>
              ))}
            </ul>
            <IconButton label="Show as a table" aria-pressed={isTable} onClick={() => setIsTable(!isTable)}>
              <Table2 />
            </IconButton>
          </>
        }
      />
      <div className="px-4 pb-4">
        {isTable ? (
          <div
            className="max-h-80 overflow-y-auto"
            role="region"
            aria-label={`${title}, as a table`}
            tabIndex={0}
          >
            {table}
          </div>
        ) : (
          chart
        )}
      </div>
    </Card>
  );
}
