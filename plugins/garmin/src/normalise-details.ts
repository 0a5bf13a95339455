/** `activityDetails`: the summary once more, with samples and lap starts. One claim of the form `details`. */
import type { Normalised } from '@coach-hub/core';
import { lapsOf } from './detail-laps.ts';
import { type DetailSamples, readSamples } from './detail-samples.ts';
import { highestIn, meanHeld } from './held-value.ts';
import { type Item, isItem } from './member.ts';
import { recordClaim } from './record-claim.ts';
import { readSession } from './session.ts';

export function normaliseDetails(item: Item, externalId: string): Normalised {
  const record: Item = { ...item, ...(isItem(item.summary) ? item.summary : {}) };
  const { startS, session, notes } = readSession(record);
  const samples = readSamples(item.samples, startS);
  const elapsedS = elapsedOf(samples, session.timerS);
  const normalised = recordClaim(
    record,
    {
      ...session,
      elapsedS,
      movingS: samples.movingEndS,
      laps: elapsedS === null ? [] : lapsOf(item.laps, samples, startS, elapsedS),
      ...measuredBySamples(samples, elapsedS ?? 0),
      // A record whose samples have no position still knows where it started.
      columns: elapsedS === null ? session.columns : samples.columns,
    },
    externalId,
    'details',
  );
  if (samples.setAside > 0) notes.push({ code: 'samples_set_aside', params: { samples: samples.setAside } });
  const withoutSeries = { series: null, quality: null };
  const claims =
    elapsedS === null ? normalised.claims.map((claim) => ({ ...claim, ...withoutSeries })) : normalised.claims;
  return { claims, notes: [...notes, ...normalised.notes] };
}

/** Stop minus start: the clock where the samples have one, never less than the timer. Unknown without samples. */
function elapsedOf({ columns, clockEndS }: DetailSamples, timerS: number | null): number | null {
  const lastS = columns.timeS.at(-1);
  return lastS === undefined ? null : Math.max(lastS, clockEndS ?? 0, timerS ?? 0);
}

/** What the summary does not have, from the samples. */
function measuredBySamples({ columns, timerS }: DetailSamples, elapsedS: number) {
  const { timeS, powerW, temperatureC } = columns;
  const span = { timeS, timerS, fromS: 0, toS: elapsedS };
  return {
    avgPowerW: rounded(meanHeld(powerW, span)),
    maxPowerW: highestIn(powerW, { ...span, toS: Number.POSITIVE_INFINITY }),
    avgTemperatureC: rounded(meanHeld(temperatureC, span)),
  };
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}
