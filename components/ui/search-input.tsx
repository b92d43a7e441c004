import { Search } from 'lucide-react';

import { Input, type InputProps } from './input.tsx';
import { Kbd } from './kbd.tsx';

export interface SearchInputProps extends Omit<
  InputProps,
  'type' | 'icon' | 'after' | 'value' | 'onValueChange'
> {
  value: string;
  /** Null for an empty text. */
  onSearch: (text: string | null) => void;
}

/** The text that narrows a list; the page brings the focus here at “/”. */
export function SearchInput({ onSearch, ...props }: SearchInputProps) {
  return (
    <Input
      type="search"
      icon={<Search aria-hidden />}
      after={<Kbd keys={['/']} className="mr-1.5 max-md:hidden" />}
      onValueChange={(text) => onSearch(text === '' ? null : text)}
      {...props}
    />
  );
}
