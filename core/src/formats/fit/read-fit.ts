/**
 * Our own FIT reader: bytes in, messages and columns out, in one walk over the file.
 *
 * It never throws, whatever the bytes are. What is readable is read: whole messages up to a cut or to the first byte
 * that makes no sense, every file of a chain, values of short or oddly typed fields left out. What it could not do is
 * in `parts` and `limitsReached`.
 */
import { type Definition, Definitions, definitionEnd } from './definition.ts';
import { DeveloperFields } from './developer-fields.ts';
import { FIT_LIMITS, type FitLimit } from './fit-limits.ts';
import type { FitMessages, FitPart, FitStopReason } from './fit-messages.ts';
import { splitParts } from './parts.ts';
import * as profile from './profile.ts';
import {
  type FitSource,
  type MessagePlace,
  readBeatIntervals,
  readFieldDescription,
  readHr,
  readMessage,
} from './read-message.ts';
import { RecordColumns } from './record-columns.ts';

const COMPRESSED_FLAG = 0x80;
const DEFINITION_FLAG = 0x40;
const RESERVED_FLAGS = 0x30;
const NO_TIME = 0xffff_ffff;

/** Reads every message of a download. `parts` is empty when it is no FIT file. */
export function readFit(bytes: Uint8Array): FitMessages {
  const reading = new FitReading(bytes);
  if (bytes.length > FIT_LIMITS.inputBytes) return reading.finish([], bytes.length, ['inputBytes']);
  const { parts, trailingBytes } = splitParts(bytes);
  for (const part of parts) part.stop = reading.readPart(part);
  return reading.finish(parts, trailingBytes, []);
}

type Kept = Omit<FitMessages, 'parts' | 'trailingBytes' | 'counts' | 'beatIntervalsS' | 'records' | 'limitsReached'>;

class FitReading {
  private readonly source: FitSource;
  private readonly definitions: Definitions;
  private readonly developerFields = new DeveloperFields();
  private readonly records: RecordColumns;
  private readonly beatIntervals: number[] = [];
  private readonly limitsReached = new Set<FitLimit>();
  private readonly kept: Kept = {
    fileIds: [],
    sports: [],
    sessions: [],
    laps: [],
    events: [],
    deviceInfos: [],
    activities: [],
    lengths: [],
    hr: [],
    fieldDescriptions: [],
  };

  constructor(bytes: Uint8Array) {
    this.source = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
    this.definitions = new Definitions(bytes);
    this.records = new RecordColumns(this.source.view, this.developerFields);
  }

  /** Walks one part message by message. @returns why it stopped early, or null. */
  readPart(part: FitPart): FitPart['stop'] {
    const { bytes, view } = this.source;
    const end = part.dataEnd;
    const locals: (Definition | undefined)[] = new Array(16).fill(undefined);
    const stop = (atByte: number, reason: FitStopReason) => ({ atByte, reason });
    this.developerFields.startPart();
    // The last time seen in any message, from which compressed headers count on; -1 when there is none.
    let time = -1;
    let at = part.dataStart;
    while (at < end) {
      const header = bytes[at]!;
      const compressed = (header & COMPRESSED_FLAG) !== 0;
      if (!compressed && (header & DEFINITION_FLAG) !== 0) {
        const next = definitionEnd(bytes, at, end);
        if (next < 0) return stop(at, 'cut_message');
        if (this.definitions.count >= FIT_LIMITS.definitions) return stop(at, 'too_many_definitions');
        locals[header & 0x0f] = this.definitions.at(at, next);
        at = next;
        continue;
      }
      if (!compressed && (header & RESERVED_FLAGS) !== 0) return stop(at, 'invalid_header');
      const definition = locals[compressed ? (header >> 5) & 0x03 : header & 0x0f];
      if (definition === undefined) return stop(at, 'undefined_message');
      const payload = at + 1;
      const next = payload + definition.size;
      if (next > end) return stop(at, 'cut_message');
      let messageTime = -1;
      if (compressed) {
        if (time >= 0) messageTime = time = compressedTime(time, header & 0x1f);
      } else if (definition.timestampAt >= 0) {
        const raw = view.getUint32(payload + definition.timestampAt, definition.littleEndian);
        messageTime = time = raw === NO_TIME ? -1 : raw;
      }
      definition.messages++;
      if (definition.global === profile.RECORD.global) {
        this.records.add(definition, payload, messageTime < 0 ? Number.NaN : messageTime);
      } else if (definition.isRead) {
        this.keep({ definition, payload });
      }
      at = next;
    }
    return null;
  }

  finish(parts: FitPart[], trailingBytes: number, limitsReached: FitLimit[]): FitMessages {
    const counts = new Map<number, number>();
    for (const { global, messages } of this.definitions.all()) {
      if (messages > 0) counts.set(global, (counts.get(global) ?? 0) + messages);
    }
    const records = this.records.finish();
    if (this.records.tooManyLayouts || this.definitions.count >= FIT_LIMITS.definitions) {
      this.limitsReached.add('definitions');
    }
    if (this.records.beyondLimit > 0) this.limitsReached.add('records');
    if (this.developerFields.overLimit) this.limitsReached.add('developerColumns');
    return {
      ...this.kept,
      parts,
      trailingBytes,
      counts,
      beatIntervalsS: Float64Array.from(this.beatIntervals),
      records,
      limitsReached: [...limitsReached, ...this.limitsReached],
    };
  }

  private keep(place: MessagePlace): void {
    const { kept, source } = this;
    switch (place.definition.global) {
      case profile.FILE_ID.global:
        return this.push(kept.fileIds, () => readMessage(source, place, profile.FILE_ID));
      case profile.SPORT.global:
        return this.push(kept.sports, () => readMessage(source, place, profile.SPORT));
      case profile.SESSION.global:
        return this.push(kept.sessions, () => readMessage(source, place, profile.SESSION), 'sessions');
      case profile.LAP.global:
        return this.push(kept.laps, () => readMessage(source, place, profile.LAP));
      case profile.EVENT.global:
        return this.push(kept.events, () => readMessage(source, place, profile.EVENT));
      case profile.DEVICE_INFO.global:
        return this.push(kept.deviceInfos, () => readMessage(source, place, profile.DEVICE_INFO));
      case profile.ACTIVITY.global:
        return this.push(kept.activities, () => readMessage(source, place, profile.ACTIVITY));
      case profile.LENGTH.global:
        return this.push(kept.lengths, () => readMessage(source, place, profile.LENGTH));
      case profile.HR:
        return this.push(kept.hr, () => readHr(source, place));
      case profile.HRV:
        if (this.beatIntervals.length < FIT_LIMITS.beats) readBeatIntervals(source, place, this.beatIntervals);
        else this.limitsReached.add('beats');
        return;
      case profile.FIELD_DESCRIPTION:
        return this.keepDescription(place);
    }
  }

  private keepDescription(place: MessagePlace): void {
    if (this.kept.fieldDescriptions.length === FIT_LIMITS.fieldDescriptions) {
      this.limitsReached.add('fieldDescriptions');
      return;
    }
    const description = readFieldDescription(this.source, place);
    if (description === null) return;
    this.kept.fieldDescriptions.push(description);
    this.developerFields.describe(description);
  }

  private push<M>(list: M[], read: () => M, limit: 'sessions' | 'messagesPerKind' = 'messagesPerKind'): void {
    if (list.length < FIT_LIMITS[limit]) list.push(read());
    else this.limitsReached.add(limit);
  }
}

/** The next time whose low five bits are `offset`: a compressed header counts at most 31 s on. */
function compressedTime(last: number, offset: number): number {
  return last + ((offset - last) & 0x1f);
}
