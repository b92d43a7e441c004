/** What a new connector is called in each place. */
export interface ConnectorName {
  /** snake_case: in flows, in the API. */
  readonly id: string;
  /** What people read. */
  readonly label: string;
  /** kebab-case. */
  readonly folder: string;
  /** camelCase. */
  readonly variable: string;
  readonly baseUrl: string;
}

/** The names of a connector. Throws a plain sentence for an id, a label or an address that cannot be one. */
export function connectorName(id: string, label: string, baseUrl: string): ConnectorName {
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(id))
    throw new Error(
      `“${id}” cannot be the id of a connector. Write small letters, digits and underscores: my_crm.`,
    );
  if (label.trim() === '' || /['"`\\\n*]/.test(label))
    throw new Error('The label is what people read, without quotes: "My CRM".');
  const url = baseUrl.replace(/\/+$/, '');
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:' || /['`\\?#]/.test(url))
    throw new Error(
      `“${baseUrl}” is not where an API begins. Write an address such as https://api.example.com/v1.`,
    );
  const variable = id.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return { id, label, baseUrl: url, folder: id.replaceAll('_', '-'), variable };
}
