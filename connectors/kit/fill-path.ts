import type { Json, JsonObject } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';

const PLACE = /\{(\w+)(\+?)\}/g;

/**
 * A path with settings in the places of their names, escaped. Throws `StepFailure` for a value that is empty, or that would lead
 * to another place than the path says.
 */
export function fillPath(path: string, settings: JsonObject): string {
  return path.replaceAll(PLACE, (_, name: string, several: string) => {
    const value = textOf(settings[name]);
    const segments = several === '' ? [value] : value.split('/');
    for (const segment of segments) refuse(name, segment);
    return segments.map(encodeURIComponent).join('/');
  });
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function refuse(name: string, segment: string): void {
  if (segment.trim() === '')
    throw invalid(name, `“${name}” is empty, so the call would go to another place. Fill it in.`);
  // Some servers read `%2F` as a slash: a value must not climb there either.
  if (segment.split(/[\\/]/).some((part) => part === '.' || part === '..')) {
    throw invalid(
      name,
      `“${name}” holds “${segment}”, which leads to another place. Write the plain name or id.`,
    );
  }
}

function invalid(name: string, message: string): StepFailure {
  return new StepFailure({ kind: 'invalid', code: 'invalid_path', message, pointer: `/config/${name}` });
}
