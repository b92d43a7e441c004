'use client';

import { createContext } from 'react';

/** The id of the label of the field around a control; undefined outside of fields. */
export const FieldLabelContext = createContext<string | undefined>(undefined);
