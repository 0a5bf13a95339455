/** A GPX file as activities, or why there is none in it. */
import { type NoActivityFile, noActivity, type UnreadableFile, unreadable } from '../activity-file-result.ts';
import type { DecodedActivityFile, DecodedSession, DecodeNote } from '../decoded.ts';
import { sportOfWord } from '../track/sport-word.ts';
import { damageNotes, markupNotes } from '../track/track-notes.ts';
import { decodeTrackSession } from '../track/track-session.ts';
import { XML_LIMITS } from '../xml/xml-limits.ts';
import { type GpxActivity, gatherSegments } from './gather-segments.ts';
import { type GpxContent, readGpx } from './read-gpx.ts';

/** Decodes a GPX file. Never throws: a file that is none, or is damaged, is an ordinary answer. */
export function decodeGpx(bytes: Uint8Array): DecodedActivityFile | NoActivityFile | UnreadableFile {
  const content = readGpx(bytes);
  const activities = gatherSegments(content);
  if (activities.length > XML_LIMITS.sessions) content.limitsReached.add('sessions');
  const damage = damageNotes(content.reading, content.limitsReached);
  if (activities.length === 0) return withoutActivity(content, damage.length > 0);
  const decoded = decodeActivities(content, activities.slice(0, XML_LIMITS.sessions));
  const notes = [...damage, ...markupNotes(content.reading), ...decoded.notes, ...fileNotes(content, activities)];
  const isPartial = damage.length > 0 || decoded.sessions.some(({ recordsSetAside }) => recordsSetAside > 0);
  return {
    format: 'gpx',
    fileId: null,
    fileType: 'track',
    // `creator` names a program as often as a device.
    device: { name: null, manufacturer: null, serial: null, firmware: null },
    utcOffsetS: content.clock.offsetS,
    status: isPartial ? 'partial' : 'complete',
    sessions: decoded.sessions,
    notes,
  };
}

function decodeActivities(
  { tracks, points }: GpxContent,
  activities: readonly GpxActivity[],
): { sessions: DecodedSession[]; notes: DecodeNote[] } {
  const notes: DecodeNote[] = [];
  const sessions = activities.map((activity, index) => {
    const part = activities.length === 1 ? 0 : index + 1;
    const { sport, subSport, notes: sportNotes } = sportOfWord(tracks[activity.tracks[0]!] ?? null);
    notes.push(...sportNotes.map(({ code, params }) => ({ code, params: { part, ...params } })));
    if (activity.tracks.length > 1)
      notes.push({ code: 'tracks_joined', params: { part, tracks: activity.tracks.length } });
    const { session, notes: sessionNotes } = decodeTrackSession(points, {
      part,
      sport,
      subSport,
      startedAtMs: null,
      rows: activity.segments.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i)),
      segmentStarts: new Set(activity.segments.map(({ from }) => from)),
      stated: {},
      leastElapsedS: null,
      laps: [],
    });
    notes.push(...sessionNotes);
    return session;
  });
  return { sessions, notes };
}

function fileNotes({ segments, clock }: GpxContent, activities: readonly GpxActivity[]): DecodeNote[] {
  const notes: DecodeNote[] = [];
  const used = new Set(activities.flatMap((activity) => activity.segments));
  const untimed = segments.filter((segment) => segment.to > segment.from && !used.has(segment)).length;
  if (untimed > 0) notes.push({ code: 'segments_without_times', params: { segments: untimed } });
  if (clock.withoutZone > 0) notes.push({ code: 'time_zone_assumed', params: { times: clock.withoutZone } });
  return notes;
}

function withoutActivity(content: GpxContent, isDamaged: boolean): NoActivityFile | UnreadableFile {
  const { trackPoints, routes, routePoints, waypoints } = content;
  const laps = 0;
  if (trackPoints > 0) {
    const what = 'The points of the track have no times: it is a course to follow, not an activity.';
    return noActivity('track_without_times', 'track', what, { records: trackPoints, laps });
  }
  if (isDamaged) return unreadable('damaged_file', 'The file is damaged before anything that was recorded.');
  if (routes > 0) {
    const what = 'The file holds a planned route and no recorded track.';
    return noActivity('route_only', 'route', what, { records: routePoints, laps });
  }
  if (waypoints > 0) {
    return noActivity('waypoints_only', 'waypoints', 'The file holds places and no recorded track.');
  }
  return noActivity('nothing_recorded', null, 'Nothing was recorded in this GPX file.');
}
