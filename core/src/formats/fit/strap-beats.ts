/**
 * Heart rate from a strap that was out of reach while it counted: under water.
 *
 * The strap remembers beats on its own clock, and after the activity the watch writes them as `hr` messages, often as
 * FIT files of their own behind the activity. One message in a dump ties that clock to the time of day; the others
 * carry the clock's low twelve bits (1/1024 s, so they wrap every 4 s), packed one after the other.
 */
import { FIT_LIMITS } from './fit-limits.ts';
import type { HrMessage } from './fit-messages.ts';

const TICKS_PER_S = 1_024;
const PACKED_BITS = 12;
const WRAP = 1 << PACKED_BITS;

/** A beat stands for the heart rate until the next one, but no longer than this. */
const HOLD_S = 5;

/** Beats in order of time. */
export interface StrapBeats {
  /** FIT seconds with their fraction. */
  fitS: Float64Array;
  bpm: Float64Array;
  /** Sum of all `bpm` before each beat, one longer than they: a mean costs the same however many beats it is of. */
  bpmBefore: Float64Array;
}

/** Every beat of the strap's memory. Empty when nothing ties its clock to the time of day. */
export function strapBeats(messages: readonly HrMessage[]): StrapBeats {
  const beats: { fitS: number; bpm: number }[] = [];
  let clockStart: number | null = null;
  let ticks: number | null = null;
  for (const message of messages) {
    let eventS = message.eventS;
    if (message.timestamp !== null && eventS[0] !== undefined) {
      clockStart = message.timestamp + (message.fractionalS ?? 0) - eventS[0];
    }
    if (eventS.length === 0 && ticks !== null) eventS = unpackEvents(message.packedEvents, ticks);
    const last = eventS.at(-1);
    if (last === undefined) continue;
    ticks = Math.round(last * TICKS_PER_S);
    if (clockStart === null) continue;
    for (let i = 0; i < Math.min(eventS.length, message.bpm.length); i++) {
      const bpm = message.bpm[i]!;
      if (bpm > 0 && beats.length < FIT_LIMITS.beats) beats.push({ fitS: clockStart + eventS[i]!, bpm });
    }
  }
  beats.sort((a, b) => a.fitS - b.fitS);
  const bpmBefore = new Float64Array(beats.length + 1);
  beats.forEach(({ bpm }, i) => {
    bpmBefore[i + 1] = bpmBefore[i]! + bpm;
  });
  return {
    fitS: Float64Array.from(beats, ({ fitS }) => fitS),
    bpm: Float64Array.from(beats, ({ bpm }) => bpm),
    bpmBefore,
  };
}

/**
 * Gives the records that have no heart rate the strap's: the mean of the beats since the record before, or the last
 * beat of the 5 s before it. A heart rate the watch recorded itself is left alone, a 0 as well.
 *
 * @returns the column, and how many records it filled.
 */
export function spreadStrapBeats(
  recordFitS: Float64Array,
  recorded: Float64Array | undefined,
  beats: StrapBeats,
): { heartRate: Float64Array; filled: number } {
  const heartRate = recorded?.slice() ?? new Float64Array(recordFitS.length).fill(Number.NaN);
  let filled = 0;
  let before = Number.NaN;
  for (let row = 0; row < recordFitS.length; row++) {
    const time = recordFitS[row]!;
    if (Number.isNaN(heartRate[row]!) && !Number.isNaN(time)) {
      const sinceBefore = before < time ? time - before : 1;
      const bpm = rateAt(beats, time, Math.min(HOLD_S, sinceBefore));
      if (bpm !== null) {
        heartRate[row] = bpm;
        filled++;
      }
    }
    before = time;
  }
  return { heartRate, filled };
}

/** Mean of the beats in the `windowS` before `time`, else the last one of the hold time. */
function rateAt(beats: StrapBeats, time: number, windowS: number): number | null {
  const end = countUpTo(beats.fitS, time);
  const start = countUpTo(beats.fitS, time - windowS);
  if (end > start) return Math.round((beats.bpmBefore[end]! - beats.bpmBefore[start]!) / (end - start));
  return end > 0 && beats.fitS[end - 1]! >= time - HOLD_S ? beats.bpm[end - 1]! : null;
}

/** How many of the sorted times are not after `time`. */
function countUpTo(sorted: Float64Array, time: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Twelve bits a beat, lowest first, as seconds on the strap's clock after `ticks`. */
function unpackEvents(packed: Uint8Array, ticks: number): number[] {
  const events: number[] = [];
  let clock = ticks;
  for (let bit = 0; bit + PACKED_BITS <= packed.length * 8; bit += PACKED_BITS) {
    const at = bit >>> 3;
    const pair = packed[at]! | (packed[at + 1]! << 8);
    const low = (pair >>> (bit & 7)) & (WRAP - 1);
    clock += (low - (clock % WRAP) + WRAP) % WRAP;
    events.push(clock / TICKS_PER_S);
  }
  return events;
}
