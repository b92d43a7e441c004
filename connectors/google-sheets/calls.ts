import { type HttpCall, setting } from '#connectors/kit/http-call.ts';

const values = '/v4/spreadsheets/{spreadsheet}/values/{range}';

/** Cells of a range. */
export const readRange: HttpCall = {
  method: 'GET',
  path: values,
  query: { valueRenderOption: setting('shown', 'render_option') },
  pick: '/values',
};

/** The names in the first row. */
export const readHeader: HttpCall = { ...readRange, query: {}, pick: '/values/0' };

export const appendRange: HttpCall = {
  method: 'POST',
  path: `${values}:append`,
  query: { valueInputOption: setting('written', 'input_option'), insertDataOption: 'INSERT_ROWS' },
  body: { values: setting('rows') },
  pick: '/updates',
};

export const writeRange: HttpCall = {
  method: 'PUT',
  path: values,
  query: { valueInputOption: setting('written', 'input_option') },
  body: { values: setting('rows') },
};
