/** The sessions of a file: each with its figures, laps and series. */
import type { DecodedSession, DecodeNote } from '../decoded.ts';
import { movingSeconds } from '../moving-time.ts';
import { type AssignedSession, assignSessions } from './assign-sessions.ts';
import { figuresFromRecords } from './figures-from-records.ts';
import type { FitMessages, LengthMessage } from './fit-messages.ts';
import { fitToUnixMs, isClockSet } from './fit-time.ts';
import { altitudeSourceOf, heartRateSourceOf } from './sensor-sources.ts';
import { sessionSeries } from './session-series.ts';
import { decodeLap, figuresOf } from './session-summary.ts';
import { sportOf } from './sport-table.ts';
import { spreadStrapBeats, strapBeats } from './strap-beats.ts';

const ACTIVE_LENGTH = 1;

/** Sessions in order of start, and notes on them. */
export function decodeSessions(messages: FitMessages): { sessions: DecodedSession[]; notes: DecodeNote[] } {
  const notes: DecodeNote[] = [];
  const strap = heartRateWithStrap(messages, notes);
  const { sessions, records, laps, lengths } = messages;
  const assigned = assignSessions(sessions, records.timestamp, laps, lengths);
  if (sessions.length === 0) notes.push({ code: 'no_session_message' });
  const decoded = assigned.map((session, index) => {
    const part = assigned.length === 1 ? 0 : index + 1;
    return decodeSession(messages, session, part, strap, notes);
  });
  return { sessions: decoded, notes };
}

interface StrapHeartRate {
  heartRate: Float64Array | undefined;
  fromStrap: boolean;
}

function heartRateWithStrap({ hr, records }: FitMessages, notes: DecodeNote[]): StrapHeartRate {
  const recorded = records.columns.heart_rate;
  if (hr.length === 0) return { heartRate: recorded, fromStrap: false };
  const { heartRate, filled } = spreadStrapBeats(records.timestamp, recorded, strapBeats(hr));
  notes.push({ code: 'heart_rate_from_strap_memory', params: { records: filled } });
  return filled === 0 ? { heartRate: recorded, fromStrap: false } : { heartRate, fromStrap: true };
}

function decodeSession(
  messages: FitMessages,
  assigned: AssignedSession,
  part: number,
  { heartRate, fromStrap }: StrapHeartRate,
  notes: DecodeNote[],
): DecodedSession {
  const { message, startFitS, rows, laps } = assigned;
  // The session's own word, else a sport message's, else a lap's.
  const stated = [message, messages.sports[0], laps[0]].find((said) => said?.sport !== undefined);
  const { sport, subSport, notes: sportNotes } = sportOf(stated?.sport, stated?.sub_sport);
  notes.push(...sportNotes.map((note) => ({ code: note.code, params: { part, ...note.params } })));
  const { columns, powerIsDeveloperField, outOfRange } = sessionSeries({
    records: messages.records,
    heartRate,
    rows,
    startFitS: startFitS ?? 0,
    sport,
  });
  notes.push(...sessionNotes(assigned, part, powerIsDeveloperField));
  notes.push(...outOfRange.map((field) => ({ code: 'value_out_of_range' as const, params: { part, field } })));
  const altitudeSource = altitudeSourceOf(messages.deviceInfos);
  const figures =
    message === null
      ? figuresFromRecords(columns, messages.events, startFitS ?? 0, altitudeSource)
      : figuresOf(message, sport);
  const startedAtMs = startFitS === null ? null : fitToUnixMs(startFitS);
  const heartRateKnown = columns.heartRateBpm !== undefined || figures.avgHeartRateBpm !== null;
  const moving = poolMovingSeconds(assigned.lengths) ?? movingSeconds(columns, figures.timerS);
  return {
    part,
    sport,
    subSport,
    startedAtMs,
    ...figures,
    movingS: moving === null ? null : Math.min(moving, figures.timerS ?? moving, figures.elapsedS ?? moving),
    laps: laps.map((lap) => decodeLap(lap, sport, startedAtMs)),
    columns,
    records: assigned.records,
    recordsSetAside: assigned.records - rows.length,
    heartRateSource: !heartRateKnown ? null : fromStrap ? 'chest' : heartRateSourceOf(messages.deviceInfos),
    altitudeSource: columns.altitudeM === undefined ? null : altitudeSource,
  };
}

/** In a pool the watch times each length, which tells more than the few records it writes. */
function poolMovingSeconds(lengths: readonly LengthMessage[]): number | null {
  const active = lengths.filter(({ length_type }) => length_type === ACTIVE_LENGTH);
  return active.length === 0 ? null : active.reduce((sum, { total_timer_time }) => sum + (total_timer_time ?? 0), 0);
}

function sessionNotes(assigned: AssignedSession, part: number, powerIsDeveloperField: boolean): DecodeNote[] {
  const { startFitS, rows, records } = assigned;
  const notes: DecodeNote[] = [];
  const setAside = records - rows.length;
  if (startFitS !== null && !isClockSet(startFitS)) notes.push({ code: 'device_clock_not_set', params: { part } });
  if (assigned.startFromRecords) notes.push({ code: 'start_from_records', params: { part } });
  if (setAside > 0) notes.push({ code: 'records_set_aside', params: { part, records: setAside } });
  if (assigned.reordered) notes.push({ code: 'records_reordered', params: { part } });
  if (powerIsDeveloperField) notes.push({ code: 'power_from_developer_field', params: { part } });
  return notes;
}
