/** The FIT file of a run: what the watch would have stored, field numbers and scales as the FIT profile has them. */
import { FitBaseType, FitEncoder, type FitEncoderField } from 'fit-file-parser/encoder';
import type { RecordedRun, RunFigures, RunPoint } from './recorded-run.ts';

const MESSAGE = { fileId: 0, session: 18, lap: 19, record: 20, event: 21, deviceInfo: 23, activity: 34 } as const;
const GARMIN = 1;
const PRODUCT = 4024; // Forerunner 955
const FIT_EPOCH_S = 631_065_600;
const SEMICIRCLES_PER_DEGREE = 2 ** 31 / 180;
const SPORT_RUNNING = 1;
const SUB_SPORT: { readonly [activityType: string]: number } = {
  TREADMILL_RUNNING: 1,
  STREET_RUNNING: 2,
  TRAIL_RUNNING: 3,
  TRACK_RUNNING: 4,
  INDOOR_RUNNING: 45,
  VIRTUAL_RUN: 58,
};

const enumeration = (number: number, value: number) => ({ number, size: 1, baseType: FitBaseType.Enum, value });
const u8 = (number: number, value: number) => ({ number, size: 1, baseType: FitBaseType.Uint8, value });
const u16 = (number: number, value: number) => ({ number, size: 2, baseType: FitBaseType.Uint16, value });
const u32 = (number: number, value: number) => ({ number, size: 4, baseType: FitBaseType.Uint32, value });
const u32z = (number: number, value: number) => ({ number, size: 4, baseType: FitBaseType.Uint32z, value });
const s32 = (number: number, value: number) => ({ number, size: 4, baseType: FitBaseType.Sint32, value });

export function fitFileOf(run: RecordedRun, serial: number): Uint8Array {
  const { plan, points, totals, laps } = run;
  const fit = new FitEncoder();
  const at = (clockS: number) => plan.startS + clockS - FIT_EPOCH_S;
  const end = at(totals.elapsedS);
  const subSport = SUB_SPORT[plan.activityType] ?? 0;

  fit.writeMessage(MESSAGE.fileId, [
    enumeration(0, 4),
    u16(1, GARMIN),
    u16(2, PRODUCT),
    u32z(3, serial),
    u32(4, at(0)),
  ]);
  writeDevices(fit, at(0), serial);
  fit.writeMessage(MESSAGE.event, timerEvent(at(0), 'start'), 2);
  points.forEach((point, i) => {
    fit.writeMessage(MESSAGE.record, recordFields(point, at(point.clockS)), 3);
    const next = points[i + 1];
    if (next !== undefined && next.clockS - point.clockS > 1) {
      fit.writeMessage(MESSAGE.event, timerEvent(at(point.clockS), 'stop'), 2);
      fit.writeMessage(MESSAGE.event, timerEvent(at(next.clockS), 'start'), 2);
    }
  });
  fit.writeMessage(MESSAGE.event, timerEvent(end, 'stop'), 2);
  laps.forEach(({ from, to, figures }, i) => {
    const times = [
      u32(253, at(points[to]!.clockS)),
      u16(254, i),
      enumeration(0, 9),
      enumeration(1, 1),
      u32(2, at(points[from]!.clockS)),
    ];
    fit.writeMessage(
      MESSAGE.lap,
      [...times, ...summaryFields(figures, LAP_FIELDS), enumeration(25, SPORT_RUNNING), enumeration(39, subSport)],
      4,
    );
  });
  const times = [u32(253, end), u16(254, 0), enumeration(0, 8), enumeration(1, 1), u32(2, at(0))];
  const sport = [enumeration(5, SPORT_RUNNING), enumeration(6, subSport), u16(25, 0), u16(26, laps.length)];
  fit.writeMessage(MESSAGE.session, [...times, ...summaryFields(totals, SESSION_FIELDS), ...sport], 5);
  const whole = [
    u32(253, end),
    u32(0, totals.timerS * 1_000),
    u16(1, 1),
    enumeration(2, 0),
    enumeration(3, 26),
    enumeration(4, 1),
  ];
  fit.writeMessage(MESSAGE.activity, [...whole, u32(5, end + plan.utcOffsetS)], 6);
  return fit.close();
}

/** The watch itself, its barometer and its optical sensor, all `local`. */
function writeDevices(fit: FitEncoder, timestamp: number, serial: number): void {
  const device = (index: number, type: number) => [
    u32(253, timestamp),
    u8(0, index),
    u8(1, type),
    u16(2, GARMIN),
    enumeration(25, 5),
  ];
  fit.writeMessage(MESSAGE.deviceInfo, [...device(0, 0), u32z(3, serial), u16(4, PRODUCT), u16(5, 1_926)], 1);
  fit.writeMessage(MESSAGE.deviceInfo, device(1, 4), 7);
  fit.writeMessage(MESSAGE.deviceInfo, device(2, 10), 7);
}

function timerEvent(timestamp: number, what: 'start' | 'stop'): FitEncoderField[] {
  return [u32(253, timestamp), enumeration(0, 0), enumeration(1, what === 'start' ? 0 : 4)];
}

function recordFields(point: RunPoint, timestamp: number): FitEncoderField[] {
  const { place, cadenceSpm } = point;
  const position =
    place === null ? [] : [s32(0, semicircles(place.latitudeDeg)), s32(1, semicircles(place.longitudeDeg))];
  return [
    u32(253, timestamp),
    ...position,
    u32(5, Math.round(point.distanceM * 100)),
    u32(73, Math.round(point.speedMps * 1_000)),
    u32(78, Math.round((point.altitudeM + 500) * 5)),
    u8(3, point.heartRateBpm),
    u8(4, cadenceSpm >> 1), // FIT counts the strides of one foot
    u8(53, (cadenceSpm & 1) * 64), // and half a stride in 128ths
  ];
}

/** Field numbers of a figure in the two summary messages. */
interface SummaryNumbers {
  elapsed: number;
  timer: number;
  distance: number;
  energy: number;
  maxSpeed: number;
  avgHeartRate: number;
  maxHeartRate: number;
  avgCadence: number;
  maxCadence: number;
  avgFraction: number;
  maxFraction: number;
  ascent: number;
  descent: number;
}

const SESSION_FIELDS: SummaryNumbers = {
  elapsed: 7,
  timer: 8,
  distance: 9,
  energy: 11,
  maxSpeed: 125,
  avgHeartRate: 16,
  maxHeartRate: 17,
  avgCadence: 18,
  maxCadence: 19,
  avgFraction: 92,
  maxFraction: 93,
  ascent: 22,
  descent: 23,
};

const LAP_FIELDS: SummaryNumbers = {
  elapsed: 7,
  timer: 8,
  distance: 9,
  energy: 11,
  maxSpeed: 111,
  avgHeartRate: 15,
  maxHeartRate: 16,
  avgCadence: 17,
  maxCadence: 18,
  avgFraction: 80,
  maxFraction: 81,
  ascent: 21,
  descent: 22,
};

function summaryFields(figures: RunFigures, numbers: SummaryNumbers): FitEncoderField[] {
  return [
    u32(numbers.elapsed, figures.elapsedS * 1_000),
    u32(numbers.timer, figures.timerS * 1_000),
    u32(numbers.distance, Math.round(figures.distanceM * 100)),
    u16(numbers.energy, figures.energyKcal),
    u32(numbers.maxSpeed, Math.round(figures.maxSpeedMps * 1_000)),
    u8(numbers.avgHeartRate, figures.avgHeartRateBpm),
    u8(numbers.maxHeartRate, figures.maxHeartRateBpm),
    u8(numbers.avgCadence, figures.avgCadenceSpm >> 1),
    u8(numbers.maxCadence, figures.maxCadenceSpm >> 1),
    u8(numbers.avgFraction, (figures.avgCadenceSpm & 1) * 64),
    u8(numbers.maxFraction, (figures.maxCadenceSpm & 1) * 64),
    u16(numbers.ascent, figures.ascentM),
    u16(numbers.descent, figures.descentM),
  ];
}

function semicircles(degrees: number): number {
  return Math.round(degrees * SEMICIRCLES_PER_DEGREE);
}
