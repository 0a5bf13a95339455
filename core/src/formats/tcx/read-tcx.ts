/**
 * A TCX file (Training Center XML, version 2) as activities with laps and points.
 *
 * `Activity` holds laps, laps hold tracks of points. A `MultiSportSession` holds activities and, between them, a
 * `Transition`, which is a lap without an activity. Courses have laps and points too: they count and are not kept.
 * Extensions of points (`TPX`) hold Speed, RunCadence, Watts; those of laps (`LX`) AvgRunCadence, AvgWatts, MaxWatts.
 */
import { Clock } from '../track/clock.ts';
import { type TrackColumns, TrackPoints } from '../track/track-points.ts';
import { readXml, type XmlHandler, type XmlReading } from '../xml/read-xml.ts';
import { XML_LIMITS, type XmlLimit } from '../xml/xml-limits.ts';
import { createTcxDevice, readDevice, type TcxDevice } from './tcx-device.ts';
import { createTcxLap, readLapValue, type TcxLap } from './tcx-lap.ts';
import { readPointValue } from './tcx-point.ts';

export interface TcxActivity {
  /** As written; null for a transition. */
  sport: string | null;
  isTransition: boolean;
  /** When it began, as its id says. */
  idMs: number | null;
  laps: TcxLap[];
  device: TcxDevice;
}

export interface TcxContent {
  reading: XmlReading;
  activities: TcxActivity[];
  points: TrackColumns;
  courses: number;
  workouts: number;
  /** Points and laps of courses. */
  coursePoints: number;
  courseLaps: number;
  clock: Clock;
  limitsReached: Set<XmlLimit>;
}

export function readTcx(bytes: Uint8Array): TcxContent {
  const handler = new TcxHandler();
  return handler.content(readXml(bytes, handler));
}

class TcxHandler implements XmlHandler {
  private readonly points = new TrackPoints();
  private readonly clock = new Clock();
  private readonly limitsReached = new Set<XmlLimit>();
  private readonly activities: TcxActivity[] = [];
  private readonly counts = { courses: 0, workouts: 0, coursePoints: 0, courseLaps: 0 };
  private laps = 0;
  private activity: TcxActivity | null = null;
  private lap: TcxLap | null = null;
  private isInPoint = false;
  private isInCreator = false;
  private isInCourse = false;

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    switch (name) {
      case 'Trackpoint':
        this.isInPoint = true;
        return this.points.begin();
      case 'Lap':
        return this.isInCourse ? void this.counts.courseLaps++ : this.beginLap(attributes.StartTime);
      case 'Transition':
        this.beginActivity(null, true);
        return this.beginLap(attributes.StartTime);
      case 'Activity':
        return this.beginActivity(attributes.Sport ?? null, false);
      case 'Creator':
        this.isInCreator = true;
        return;
      case 'Course':
        this.isInCourse = true;
        this.counts.courses++;
        return;
      case 'Workout':
        this.counts.workouts++;
    }
  }

  close(name: string, text: string, parent: string | null): void {
    if (name === 'Trackpoint') return this.endPoint();
    if (this.isInPoint) return readPointValue(this.points, this.clock, name, text, parent);
    switch (name) {
      case 'Lap':
        this.lap = null;
        return;
      case 'Activity':
      case 'Transition':
        this.lap = null;
        this.activity = null;
        return;
      case 'Creator':
        this.isInCreator = false;
        return;
      case 'Course':
        this.isInCourse = false;
        return;
    }
    if (this.activity === null) return;
    if (this.isInCreator) readDevice(this.activity.device, name, text);
    else if (this.lap !== null) readLapValue(this.lap, name, text, parent);
    else if (name === 'Id' && parent === 'Activity') this.activity.idMs = this.clock.read(text);
  }

  content(reading: XmlReading): TcxContent {
    const { points, activities, counts, clock, limitsReached } = this;
    if (points.beyondLimit > 0) limitsReached.add('records');
    return { reading, activities, points: points.finish(), ...counts, clock, limitsReached };
  }

  private beginActivity(sport: string | null, isTransition: boolean): void {
    this.lap = null;
    this.activity = { sport, isTransition, idMs: null, laps: [], device: createTcxDevice() };
    if (this.activities.length === XML_LIMITS.sessions) this.limitsReached.add('sessions');
    else this.activities.push(this.activity);
  }

  private beginLap(startTime: string | undefined): void {
    this.lap = createTcxLap(this.clock.read(startTime), this.points.count);
    if (this.activity === null) return;
    if (this.laps === XML_LIMITS.laps) {
      this.limitsReached.add('laps');
      return;
    }
    this.laps++;
    this.activity.laps.push(this.lap);
  }

  /** A point is in its lap by its place in the list, so one that is in none is not kept. */
  private endPoint(): void {
    this.isInPoint = false;
    if (this.isInCourse) this.counts.coursePoints++;
    else if (this.lap !== null && this.activity !== null && this.points.add()) this.lap.to = this.points.count;
  }
}
