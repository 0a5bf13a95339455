import { createHash } from 'node:crypto';
import type { EnvelopeView, Ref } from '@coach-hub/core';
import { FitBaseType, FitEncoder } from 'fit-file-parser/encoder';

const FIT_EPOCH_S = 631_065_600;
export const START_S = Date.parse('2026-05-01T06:00:00Z') / 1_000;

const enumeration = (number: number, value: number) => ({ number, size: 1, baseType: FitBaseType.Enum, value });
const u8 = (number: number, value: number) => ({ number, size: 1, baseType: FitBaseType.Uint8, value });
const u16 = (number: number, value: number) => ({ number, size: 2, baseType: FitBaseType.Uint16, value });
const u32 = (number: number, value: number) => ({ number, size: 4, baseType: FitBaseType.Uint32, value });
const u32z = (number: number, value: number) => ({ number, size: 4, baseType: FitBaseType.Uint32z, value });

/** A file of so many one-minute sessions, a record a second each; `type` 4 is an activity, 6 a course. */
export function fitFile({ sessions = 1, type = 4 } = {}): Uint8Array {
  const fit = new FitEncoder();
  const start = START_S - FIT_EPOCH_S;
  fit.writeMessage(0, [enumeration(0, type), u16(1, 1), u16(2, 4024), u32z(3, 123_456), u32(4, start)]);
  for (let session = 0; session < sessions; session++) {
    const from = start + session * 60;
    for (let second = 0; second < 60; second++) {
      fit.writeMessage(20, [u32(253, from + second), u32(5, second * 300), u8(3, 120 + session)], 1);
    }
    const figures = [u32(7, 59_000), u32(8, 59_000), u32(9, 17_700), u8(16, 120 + session), u8(17, 125 + session)];
    fit.writeMessage(19, [u32(253, from + 59), u32(2, from), ...figures.slice(0, 3)], 2);
    if (type === 4)
      fit.writeMessage(18, [u32(253, from + 59), u32(2, from), enumeration(5, session === 1 ? 2 : 1), ...figures], 3);
  }
  return fit.close();
}

export function imported(
  bytes: Uint8Array,
  ref: Ref = { fileName: 'morning.fit', timeZone: 'Europe/Zurich' },
): EnvelopeView {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { stream: 'file', externalId: sha256, bytes, ref, sha256 };
}
