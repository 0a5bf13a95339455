/** The thread that reads damaged copies, one at a time, and looks at what comes of each. */
import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { assertClaimFits, assertKeysDiffer } from '@coach-hub/core/conformance';
import { decodeSeries } from '@coach-hub/core/formats';
import { normalise } from '@coach-hub/plugin-file/normalise';
import { seeded } from '../crash/seeded.mjs';
import { mutantOf } from './mutate.mjs';

const YEAR_S = 365 * 86_400;
/**
 * What devices can measure, stated once more: a slip in the table of core must not pass here too. Both feet of a runner
 * are counted.
 */
const MEASURABLE = {
  latitudeDeg: [-90, 90],
  longitudeDeg: [-180, 180],
  distanceM: [0, 2_000_000],
  altitudeM: [-1_000, 12_000],
  heartRateBpm: [0, 260],
  cadenceSpm: [0, 508],
  powerW: [0, 5_000],
  speedMps: [0, 100],
  temperatureC: [-60, 80],
};
const FIGURES = ['distanceM', 'elapsedS', 'timerS', 'avgHeartRateBpm', 'maxHeartRateBpm', 'ascentM'];
const STREAM = { kinds: ['activity'] };
const { files, copies, seed, first, step, at } = workerData;

for (let nth = first; nth < files.length * copies.length; nth += step) {
  const file = Math.floor(nth / copies.length);
  const copy = copies[nth % copies.length];
  // Where a thread is can be seen from outside while it is busy.
  Atomics.store(at, 0, nth + 1);
  parentPort.postMessage({ file, copy, ...read(files[file], copy) });
}
Atomics.store(at, 0, 0);

function read({ name, bytes }, copy) {
  const random = seeded(createHash('sha256').update(`${seed} ${name} ${copy}`).digest().readUInt32LE(0));
  const mutant = mutantOf(Buffer.from(bytes), random);
  const sha256 = createHash('sha256').update(mutant.bytes).digest('hex');
  const beganMs = performance.now();
  const told = { damages: mutant.damages, outcome: 'read', ms: 0 };
  try {
    const envelope = { stream: 'files', externalId: sha256, bytes: mutant.bytes, ref: { fileName: name }, sha256 };
    const normalised = normalise(envelope);
    told.ms = performance.now() - beganMs;
    told.outcome = outcomeOf(normalised);
  } catch (error) {
    told.ms = performance.now() - beganMs;
    return {
      ...told,
      outcome: 'wrong',
      problem: String(error?.stack ?? error)
        .split('\n')
        .slice(0, 4)
        .join(' '),
    };
  }
  return told;
}

/** `read`, `read in part`, or the reason why not. @throws for half an object, and for one that no ledger would take. */
function outcomeOf({ claims, report }) {
  if (report.length === 0) throw new Error('There is no row for it.');
  const [{ status, code, what }] = report;
  if (claims.length === 0) {
    if (!code || !what) throw new Error(`It is ${status}, and nobody is told why.`);
    return code;
  }
  assertKeysDiffer(claims);
  for (const [index, claim] of claims.entries()) checkWhole(claim, report[index]);
  return status === 'partial' ? 'read in part' : 'read';
}

function checkWhole(claim, row) {
  assertClaimFits(claim, STREAM);
  const { series, fields } = claim;
  for (const name of FIGURES) {
    if ((fields[name] ?? null) !== row[name])
      throw new Error(`Its row says ${name} ${row[name]}, kept is ${fields[name]}.`);
  }
  if ((fields.startedAt === undefined ? null : Date.parse(fields.startedAt)) !== row.startedAtMs) {
    throw new Error('Its row says another start than is kept.');
  }
  if (series === null) return;
  const columns = decodeSeries(series.bytes);
  const { timeS } = columns;
  if (timeS.length !== series.points)
    throw new Error(`The series has ${timeS.length} points and says ${series.points}.`);
  for (const [name, column] of Object.entries(columns)) {
    if (column.length !== timeS.length)
      throw new Error(`${name} has ${column.length} points, the time ${timeS.length}.`);
    const [least, most] = MEASURABLE[name] ?? [-YEAR_S, 10 * YEAR_S];
    const absurd = column.find((value) => value < least || value > most);
    if (absurd !== undefined) throw new Error(`${name} is ${absurd} at some point.`);
  }
  if (timeS.some((time, i) => !Number.isFinite(time) || (i > 0 && time < timeS[i - 1]))) {
    throw new Error('The times of the series are not in order.');
  }
  if (fields.startedAt === undefined && timeS.length === 0) {
    throw new Error('It has neither a start nor a series.');
  }
}
