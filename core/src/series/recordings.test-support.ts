/** Real recordings, which lie beside the repository where there are any. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { it, type TestContext } from 'vitest';
import { decodeActivityFile } from '../formats/decode-activity-file.ts';
import type { DecodedActivityFile } from '../formats/decoded.ts';

const FOLDER = fileURLToPath(new URL('../../../../shared/data/fit/', import.meta.url));
/** Courses, planned workouts and no FIT file at all, by how their names begin. */
const NO_ACTIVITY = /^(course|workout|not-fit)-/;

/** A recording decoded. Skips the test where there are no recordings. */
export function recording(name: string, ctx: TestContext): DecodedActivityFile {
  if (!existsSync(FOLDER)) ctx.skip(`no recordings at ${FOLDER}`);
  const result = decodeActivityFile(readFileSync(`${FOLDER}${name}`));
  if (result.status !== 'decoded') throw new Error(`${name}: ${result.what}`);
  return result.file;
}

/** One test per recording of an activity, so that each is short and a failure names its file. */
export function itForEveryRecording(rule: string, check: (file: DecodedActivityFile) => void): void {
  const names = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => !NO_ACTIVITY.test(name)) : ['none'];
  it.for(names.sort())(`${rule}: %s`, (name, ctx) => check(recording(name, ctx)));
}
