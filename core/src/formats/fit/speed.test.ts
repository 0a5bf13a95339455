/** The reason for a reader of our own. Best of several runs each, so that a busy machine slows both alike. */
import FitParser from 'fit-file-parser';
import { expect, it } from 'vitest';
import { describeWithRecordings, recording } from '../recordings.test-support.ts';
import { readFit } from './read-fit.ts';

const AT_LEAST = 8;
const PATHS = ['fit/multisport-garmin-fenix2-7-sessions.fit', 'fit/run-garmin-fr965-native-power-12-laps.fit'];

function bestMs(runs: number, work: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    const began = performance.now();
    work();
    best = Math.min(best, performance.now() - began);
  }
  return best;
}

describeWithRecordings('our reader', () => {
  it(`is at least ${AT_LEAST} times as fast as the library it replaces`, () => {
    const files = PATHS.map((path) => Buffer.from(recording(path).buffer));
    const ours = bestMs(25, () => {
      for (const file of files) readFit(file);
    });
    const theirs = bestMs(4, () => {
      for (const file of files) new FitParser({ force: true, mode: 'list' }).parse(file, () => {});
    });
    console.info(`reading ${files.length} files: ours ${ours.toFixed(1)} ms, library ${theirs.toFixed(1)} ms`);
    expect(theirs / ours).toBeGreaterThan(AT_LEAST);
  }, 60_000);
});
