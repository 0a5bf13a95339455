/**
 * A GPX file as segments of points, in the order they are written.
 *
 * GPX 1.0 and 1.1. Sensor values lie in extensions, under names that are alike in all of them: `hr`, `cad`, `atemp` of the
 * track point extension (versions 1 and 2), `hr`, `cadence`, `temp` of GPXData, `power` and `PowerInWatts` of various
 * programs. `speed` is a child of the point in GPX 1.0 and of the extension since.
 */
import type { MeasuredChannel } from '../channel-range.ts';
import { Clock } from '../track/clock.ts';
import { type TrackColumns, TrackPoints } from '../track/track-points.ts';
import { readXml, type XmlHandler, type XmlReading } from '../xml/read-xml.ts';
import { XML_LIMITS, type XmlLimit } from '../xml/xml-limits.ts';

/** An unbroken stretch of track: rows `from` to before `to`. */
export interface GpxSegment {
  /** Which `trk` it is of, from 0. */
  track: number;
  from: number;
  to: number;
}

export interface GpxContent {
  reading: XmlReading;
  /** `type` of each track; null where it has none. */
  tracks: (string | null)[];
  segments: GpxSegment[];
  points: TrackColumns;
  /** All track points, also those beyond the limit. */
  trackPoints: number;
  routes: number;
  routePoints: number;
  waypoints: number;
  clock: Clock;
  limitsReached: Set<XmlLimit>;
}

/** Elements of a point, in lower case, wherever in it they are. */
const CHANNEL_OF: { readonly [name: string]: MeasuredChannel } = {
  ele: 'altitudeM',
  hr: 'heartRateBpm',
  heartrate: 'heartRateBpm',
  cad: 'cadenceSpm',
  cadence: 'cadenceSpm',
  runcadence: 'cadenceSpm',
  power: 'powerW',
  powerinwatts: 'powerW',
  watts: 'powerW',
  speed: 'speedMps',
  atemp: 'temperatureC',
  temp: 'temperatureC',
};

export function readGpx(bytes: Uint8Array): GpxContent {
  const handler = new GpxHandler();
  return handler.content(readXml(bytes, handler));
}

class GpxHandler implements XmlHandler {
  private readonly points = new TrackPoints();
  private readonly clock = new Clock();
  private readonly limitsReached = new Set<XmlLimit>();
  private readonly tracks: (string | null)[] = [];
  private readonly segments: GpxSegment[] = [];
  private readonly counts = { routes: 0, routePoints: 0, waypoints: 0 };
  private isInPoint = false;

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    switch (name) {
      case 'trkpt':
        this.isInPoint = true;
        this.points.begin();
        this.points.set('latitudeDeg', attributes.lat);
        this.points.set('longitudeDeg', attributes.lon);
        return;
      case 'trkseg':
        return this.beginSegment();
      case 'trk':
        if (this.tracks.length < XML_LIMITS.segments) this.tracks.push(null);
        return;
      case 'rte':
        this.counts.routes++;
        return;
      case 'rtept':
        this.counts.routePoints++;
        return;
      case 'wpt':
        this.counts.waypoints++;
    }
  }

  close(name: string, text: string, parent: string | null): void {
    if (name === 'trkpt') this.endPoint();
    else if (this.isInPoint) this.readValue(name, text, parent);
    else if (name === 'type' && parent === 'trk' && this.tracks.length > 0) {
      this.tracks[this.tracks.length - 1] = text === '' ? null : text;
    }
  }

  content(reading: XmlReading): GpxContent {
    const { points, tracks, segments, counts, clock, limitsReached } = this;
    if (points.beyondLimit > 0) limitsReached.add('records');
    const trackPoints = points.count + points.beyondLimit;
    return { reading, tracks, segments, points: points.finish(), trackPoints, ...counts, clock, limitsReached };
  }

  private beginSegment(): void {
    const { count } = this.points;
    if (this.segments.length === XML_LIMITS.segments) this.limitsReached.add('segments');
    else this.segments.push({ track: Math.max(0, this.tracks.length - 1), from: count, to: count });
  }

  private readValue(name: string, text: string, parent: string | null): void {
    if (name === 'time' && parent === 'trkpt') {
      const epochMs = this.clock.read(text);
      if (epochMs !== null) this.points.at(epochMs);
      return;
    }
    const key = name.toLowerCase();
    if (Object.hasOwn(CHANNEL_OF, key)) this.points.set(CHANNEL_OF[key]!, text);
  }

  /** A point outside any segment is in one of its own making: some programs leave `trkseg` out. */
  private endPoint(): void {
    this.isInPoint = false;
    if (this.segments.length === 0) this.beginSegment();
    if (this.points.add()) this.segments[this.segments.length - 1]!.to = this.points.count;
  }
}
