/** FIT files of runs, written for the tests. */
import { FitBaseType, FitEncoder } from 'fit-file-parser/encoder';

/** FIT second 1,000,000,000. */
export const STARTED_AT = '2021-09-08T01:46:40.000Z';
const T0 = 1_000_000_000;
const { Enum, Uint8, Uint16, Uint32, Uint32z } = FitBaseType;

export interface RunFigures {
  /** Time after STARTED_AT, s. */
  startS?: number;
  seconds?: number;
  metresPerSecond?: number;
}

/** One record a second at an even pace and a heart rate of 150. */
export function runFile({ startS = 0, seconds = 60, metresPerSecond = 3 }: RunFigures = {}): Uint8Array {
  const encoder = new FitEncoder();
  const start = T0 + startS;
  const end = start + seconds;
  encoder.writeMessage(0, [
    enumField(0, 4),
    uint16(1, 1),
    uint16(2, 3_111),
    { number: 3, size: 4, baseType: Uint32z, value: 1_234 },
  ]);
  for (let second = 0; second <= seconds; second += 1) {
    encoder.writeMessage(20, [uint32(253, start + second), uint32(5, second * metresPerSecond * 100), uint8(3, 150)]);
  }
  encoder.writeMessage(19, [
    uint32(253, end),
    uint32(2, start),
    uint32(7, seconds * 1_000),
    uint32(9, seconds * metresPerSecond * 100),
  ]);
  encoder.writeMessage(18, [
    uint32(253, end),
    uint32(2, start),
    enumField(5, 1),
    uint32(7, seconds * 1_000),
    uint32(8, seconds * 1_000),
    uint32(9, seconds * metresPerSecond * 100),
    uint8(16, 150),
    uint8(17, 150),
  ]);
  return encoder.close();
}

function uint32(number: number, value: number) {
  return { number, size: 4, baseType: Uint32, value };
}

function uint16(number: number, value: number) {
  return { number, size: 2, baseType: Uint16, value };
}

function uint8(number: number, value: number) {
  return { number, size: 1, baseType: Uint8, value };
}

function enumField(number: number, value: number) {
  return { number, size: 1, baseType: Enum, value };
}
