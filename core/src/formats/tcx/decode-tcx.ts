/** A TCX file as activities, or why there is none in it. */
import { type NoActivityFile, noActivity, type UnreadableFile, unreadable } from '../activity-file-result.ts';
import type { DecodedActivityFile, DecodedSession, DecodeNote } from '../decoded.ts';
import { sportOfWord } from '../track/sport-word.ts';
import { damageNotes, markupNotes } from '../track/track-notes.ts';
import { decodeTrackSession, startOf } from '../track/track-session.ts';
import { readTcx, type TcxActivity, type TcxContent } from './read-tcx.ts';
import { deviceOf } from './tcx-device.ts';
import { decodeTcxLap, figuresOfLaps, leastElapsedS } from './tcx-figures.ts';
import type { TcxLap } from './tcx-lap.ts';

/** An activity with a time, and where its points are. */
interface Recorded {
  activity: TcxActivity;
  startedAtMs: number;
  rows: number[];
}

/** Decodes a TCX file. Never throws: a file that is none, or is damaged, is an ordinary answer. */
export function decodeTcx(bytes: Uint8Array): DecodedActivityFile | NoActivityFile | UnreadableFile {
  const content = readTcx(bytes);
  const damage = damageNotes(content.reading, content.limitsReached);
  const held = content.activities.filter(holdsAnything);
  const recorded = held.map((activity) => recordedOf(activity, content)).filter((each) => each !== null);
  if (recorded.length === 0) return withoutActivity(content, held, damage.length > 0);
  recorded.sort((a, b) => a.startedAtMs - b.startedAtMs);
  const notes: DecodeNote[] = [...damage, ...markupNotes(content.reading)];
  const sessions = recorded.map((each, index) => {
    const part = recorded.length === 1 ? 0 : index + 1;
    return decodeActivity(content, each, part, notes);
  });
  if (recorded.length < held.length) {
    notes.push({ code: 'activities_without_times', params: { activities: held.length - recorded.length } });
  }
  if (content.clock.withoutZone > 0)
    notes.push({ code: 'time_zone_assumed', params: { times: content.clock.withoutZone } });
  const devices = recorded.map(({ activity }) => deviceOf(activity.device));
  const isPartial = damage.length > 0 || sessions.some(({ recordsSetAside }) => recordsSetAside > 0);
  return {
    format: 'tcx',
    fileId: null,
    fileType: 'activity',
    device: devices.find(({ name }) => name !== null) ?? devices[0]!,
    utcOffsetS: content.clock.offsetS,
    status: isPartial ? 'partial' : 'complete',
    sessions,
    notes,
  };
}

/** A lap that states nothing and has no points is none. */
function holdsAnything({ laps }: TcxActivity): boolean {
  return laps.some(({ from, to, timerS, distanceM }) => to > from || timerS !== null || distanceM !== null);
}

/** Null when neither the activity nor anything in it has a time. */
function recordedOf(activity: TcxActivity, { points }: TcxContent): Recorded | null {
  const rows = activity.laps.flatMap(rowsOf);
  const firstRow = rows.find((row) => !Number.isNaN(points.timeMs[row]!));
  const firstMs = firstRow === undefined ? null : points.timeMs[firstRow]!;
  const startedAtMs = activity.laps[0]?.startMs ?? activity.idMs ?? firstMs;
  return startedAtMs === null ? null : { activity, startedAtMs, rows };
}

function rowsOf({ from, to }: TcxLap): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

function decodeActivity(
  { points }: TcxContent,
  { activity, startedAtMs, rows }: Recorded,
  part: number,
  notes: DecodeNote[],
): DecodedSession {
  const {
    sport,
    subSport,
    notes: sportNotes,
  } = activity.isTransition ? { sport: 'transition' as const, subSport: null, notes: [] } : sportOfWord(activity.sport);
  notes.push(...sportNotes.map(({ code, params }) => ({ code, params: { part, ...params } })));
  const laps = lapsOf(activity.laps, points.timeMs, startedAtMs);
  const { session, notes: sessionNotes } = decodeTrackSession(points, {
    part,
    sport,
    subSport,
    startedAtMs,
    rows,
    segmentStarts: new Set(),
    stated: figuresOfLaps(activity.laps, sport),
    leastElapsedS: leastElapsedS(activity.laps, startedAtMs),
    laps: laps.map(({ lap, startMs, lastMs }) => decodeTcxLap(lap, sport, startMs, lastMs)),
  });
  notes.push(...sessionNotes);
  return session;
}

/** Each lap with its start, stated or its first point's, and its last point. */
function lapsOf(
  laps: readonly TcxLap[],
  timeMs: Float64Array,
  startedAtMs: number,
): { lap: TcxLap; startMs: number; lastMs: number | null }[] {
  return laps.map((lap) => {
    const times = timeMs.subarray(lap.from, lap.to).filter((time) => !Number.isNaN(time));
    return { lap, startMs: startOf(lap.startMs, times[0] ?? null) ?? startedAtMs, lastMs: times.at(-1) ?? null };
  });
}

function withoutActivity(
  content: TcxContent,
  held: readonly TcxActivity[],
  isDamaged: boolean,
): NoActivityFile | UnreadableFile {
  if (held.length > 0) {
    const counts = {
      records: content.points.timeMs.length,
      laps: held.reduce((sum, { laps }) => sum + laps.length, 0),
    };
    const what = 'Neither the activity nor any of its points has a time.';
    return noActivity('track_without_times', 'activity', what, counts);
  }
  if (content.courses > 0) {
    const counts = { records: content.coursePoints, laps: content.courseLaps };
    return noActivity('course_file', 'course', 'The file is a course to follow, not an activity.', counts);
  }
  if (isDamaged) return unreadable('damaged_file', 'The file is damaged before anything that was recorded.');
  if (content.workouts > 0) {
    return noActivity('workout_file', 'workout', 'The file is a planned workout, not an activity.');
  }
  return noActivity('nothing_recorded', null, 'Nothing was recorded in this TCX file.');
}
