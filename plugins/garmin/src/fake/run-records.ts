/** What Garmin's JSON says about a run: summary, details and the file's ping (garmin.md §3.1–3.3). */
import type { RecordedRun } from './recorded-run.ts';
import type { Item } from './world.ts';

export interface RunNames {
  userId: string;
  activityId: string;
  activityName: string;
  deviceName: string;
}

export function summaryOf(run: RecordedRun, { userId, activityId, ...names }: RunNames): Item {
  return { userId, summaryId: activityId, activityId: Number(activityId), ...names, ...figuresOf(run) };
}

export function detailsOf(run: RecordedRun, { userId, activityId, ...names }: RunNames): Item {
  const { plan, points, laps } = run;
  return {
    userId,
    summaryId: `${activityId}-detail`,
    activityId: Number(activityId),
    summary: { ...names, ...figuresOf(run) },
    samples: points.map((point) => ({
      startTimeInSeconds: plan.startS + point.clockS,
      ...(point.place === null
        ? {}
        : { latitudeInDegree: point.place.latitudeDeg, longitudeInDegree: point.place.longitudeDeg }),
      elevationInMeters: point.altitudeM,
      heartRate: point.heartRateBpm,
      speedMetersPerSecond: point.speedMps,
      stepsPerMinute: point.cadenceSpm,
      totalDistanceInMeters: point.distanceM,
      timerDurationInSeconds: point.timerS,
      clockDurationInSeconds: point.clockS,
      movingDurationInSeconds: point.timerS,
    })),
    laps: laps.map(({ from }) => ({ startTimeInSeconds: plan.startS + points[from]!.clockS })),
  };
}

export function filePingOf(run: RecordedRun, { userId, activityId, ...names }: RunNames): Item {
  return {
    userId,
    summaryId: `${activityId}-file`,
    fileType: 'FIT',
    startTimeInSeconds: run.plan.startS,
    activityId: Number(activityId),
    ...names,
    activityDescription: '',
    activityType: run.plan.activityType,
    manual: false,
  };
}

function figuresOf({ plan, points, totals }: RecordedRun): Item {
  const start = points[0]?.place ?? null;
  const averageMps = totals.timerS === 0 ? 0 : totals.distanceM / totals.timerS;
  return {
    activityType: plan.activityType,
    startTimeInSeconds: plan.startS,
    startTimeOffsetInSeconds: plan.utcOffsetS,
    durationInSeconds: totals.timerS,
    distanceInMeters: totals.distanceM,
    averageSpeedInMetersPerSecond: round3(averageMps),
    maxSpeedInMetersPerSecond: totals.maxSpeedMps,
    averagePaceInMinutesPerKilometer: paceOf(averageMps),
    maxPaceInMinutesPerKilometer: paceOf(totals.maxSpeedMps),
    averageHeartRateInBeatsPerMinute: totals.avgHeartRateBpm,
    maxHeartRateInBeatsPerMinute: totals.maxHeartRateBpm,
    averageRunCadenceInStepsPerMinute: totals.avgCadenceSpm,
    maxRunCadenceInStepsPerMinute: totals.maxCadenceSpm,
    activeKilocalories: totals.energyKcal,
    steps: Math.round((totals.avgCadenceSpm * totals.timerS) / 60),
    ...(start === null
      ? {}
      : { startingLatitudeInDegree: start.latitudeDeg, startingLongitudeInDegree: start.longitudeDeg }),
    totalElevationGainInMeters: totals.ascentM,
    totalElevationLossInMeters: totals.descentM,
  };
}

function paceOf(metresPerSecond: number): number {
  return metresPerSecond === 0 ? 0 : round3(1_000 / metresPerSecond / 60);
}

function round3(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
