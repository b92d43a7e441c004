'use client';

import { CircleQuestionMark } from 'lucide-react';

import { IconButton } from '#components/ui/icon-button.tsx';
import { lazyPart } from '#components/ui/lazy-part.tsx';
import { Popover, PopoverContent, PopoverTrigger } from '#components/ui/popover.tsx';

const SearchHelpText = lazyPart(async () => (await import('./search-help-text.tsx')).SearchHelpText);

/** What can be written into the search of runs. */
export function SearchHelp() {
  return (
    <Popover>
      <PopoverTrigger
        render={
          <IconButton
            label="What to search for"
            onPointerEnter={() => void SearchHelpText.load()}
            onFocus={() => void SearchHelpText.load()}
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
