import { HubError } from '../error/hub-error.ts';

/** An error as a label: its code. Everything unforeseen is one value, whatever it says. */
export function outcomeOf(error: unknown): string {
  return error instanceof HubError ? error.code : 'internal';
}
