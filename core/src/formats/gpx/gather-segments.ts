/**
 * Which segments of a GPX file are one activity.
 *
 * A track is one activity, its segments being what a recording breaks into when reception is lost or the device is off:
 * unless it holds the logs of several days. Devices that start a new track at every such break are as common, so tracks
 * of one sport that follow one another within half an hour are one activity too. Tracks that overlap are two recordings.
 */
import type { GpxContent, GpxSegment } from './read-gpx.ts';

export interface GpxActivity {
  /** Numbers of its tracks. */
  tracks: number[];
  /** In order of time. */
  segments: GpxSegment[];
}

/** A night's rest on a long tour, and no longer. */
const WITHIN_TRACK_MS = 8 * 3_600_000;
const BETWEEN_TRACKS_MS = 30 * 60_000;

interface Stretch {
  segment: GpxSegment;
  sport: string | null;
  startMs: number;
  endMs: number;
}

interface Gathered extends GpxActivity {
  last: Stretch;
  endMs: number;
}

/** Activities in order of their start. Segments in which no point has a time are left out. */
export function gatherSegments(content: Pick<GpxContent, 'segments' | 'tracks' | 'points'>): GpxActivity[] {
  const gathered: Gathered[] = [];
  const ofTrack = new Map<number, Gathered>();
  for (const stretch of stretches(content)) {
    const { segment } = stretch;
    const own = ofTrack.get(segment.track);
    const latest = gathered.at(-1);
    const isOwn = own !== undefined && stretch.startMs - own.endMs <= WITHIN_TRACK_MS;
    const home = isOwn ? own : latest !== undefined && follows(stretch, latest) ? latest : null;
    const activity = home ?? { tracks: [], segments: [], last: stretch, endMs: stretch.endMs };
    if (home === null) gathered.push(activity);
    if (activity !== own) activity.tracks.push(segment.track);
    activity.segments.push(segment);
    activity.last = stretch;
    activity.endMs = Math.max(activity.endMs, stretch.endMs);
    ofTrack.set(segment.track, activity);
  }
  return gathered.map(({ tracks, segments }) => ({ tracks, segments }));
}

function follows(stretch: Stretch, before: Gathered): boolean {
  const gapMs = stretch.startMs - before.endMs;
  const isOtherTrack = stretch.segment.track !== before.last.segment.track;
  return isOtherTrack && stretch.sport === before.last.sport && gapMs >= 0 && gapMs <= BETWEEN_TRACKS_MS;
}

function stretches({ segments, tracks, points }: Pick<GpxContent, 'segments' | 'tracks' | 'points'>): Stretch[] {
  const found: Stretch[] = [];
  for (const segment of segments) {
    const times = points.timeMs.subarray(segment.from, segment.to).filter((time) => !Number.isNaN(time));
    if (times.length === 0) continue;
    times.sort();
    // Of a damaged segment, one time may be in another century; nearly all are where it was.
    const margin = Math.floor(times.length / 50);
    const startMs = times[margin]!;
    const endMs = times[times.length - 1 - margin]!;
    found.push({ segment, sport: tracks[segment.track] ?? null, startMs, endMs });
  }
  return found.sort((a, b) => a.startMs - b.startMs || a.segment.from - b.segment.from);
}
