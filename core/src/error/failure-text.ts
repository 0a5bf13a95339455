import { failureReport } from './failure-report.ts';
import { HubError } from './hub-error.ts';

/** An error in one line, safe to keep: what an error of ours says; of any other its kind, code and place. */
export function failureText(error: unknown): string {
  if (error instanceof HubError) return `${error.code}: ${error.what} ${error.why}`;
  const { name, code, at } = failureReport(error);
  const place = Array.isArray(at) && at.length > 0 ? ` ${at[0]}` : '';
  return `${name}${code === undefined ? '' : ` (${code})`}${place}`;
}
