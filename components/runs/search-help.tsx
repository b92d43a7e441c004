'use client';

import { CircleQuestionMark } from 'lucide-react';
import dynamic from 'next/dynamic';

import { IconButton } from '#components/ui/icon-button.tsx';
import { Popover, PopoverContent, PopoverTrigger } from '#components/ui/popover.tsx';

const load = () => import('./search-help-text.tsx');

const SearchHelpText = dynamic(async () => (await load()).SearchHelpText, { ssr: false });

/** What can be written into the search of runs. */
export function SearchHelp() {
  return (
    <Popover>
      <PopoverTrigger
        render={
          <IconButton
            label="What to search for"
            onPointerEnter={() => void load()}
            onFocus={() => void load()}
          >
            <CircleQuestionMark aria-hidden />
          </IconButton>
        }
      />
      <PopoverContent className="w-88" aria-label="What to search for">
        <SearchHelpText />
      </PopoverContent>
    </Popover>
  );
}
