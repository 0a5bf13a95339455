/** TCX and GPX files for tests, written by hand: nobody ran them. */

export const START = Date.parse('2026-05-02T06:00:00.000Z');

export const utf8 = (text: string): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;

/** Each character as one byte. */
export const latin1 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (char) => char.charCodeAt(0));

export function utf16(text: string, { bigEndian = false, mark = true } = {}): Uint8Array<ArrayBuffer> {
  const marked = mark ? `\uFEFF${text}` : text;
  const view = new DataView(new ArrayBuffer(marked.length * 2));
  for (let i = 0; i < marked.length; i++) view.setUint16(i * 2, marked.charCodeAt(i), !bigEndian);
  return new Uint8Array(view.buffer);
}

export const iso = (second: number): string => new Date(START + second * 1_000).toISOString();

/** A runner who goes north from Zurich at 3 m/s. */
export const METRES_PER_SECOND = 3;
export const latitudeAt = (second: number): number => 47.37 + (second * METRES_PER_SECOND) / 111_195.08;
export const LONGITUDE = 8.54;

/** `within` is what the point holds besides its place. */
export function trkpt(second: number, within = `<time>${iso(second)}</time>`): string {
  return `<trkpt lat="${latitudeAt(second).toFixed(7)}" lon="${LONGITUDE}">${within}</trkpt>`;
}

/** One point a second. */
export function trkpts(from: number, count: number, within?: (second: number) => string): string {
  return Array.from({ length: count }, (_, i) => trkpt(from + i, within?.(from + i))).join('');
}

export const trkseg = (...points: string[]): string => `<trkseg>${points.join('')}</trkseg>`;

export const trk = (type: string | null, ...segments: string[]): string =>
  `<trk>${type === null ? '' : `<type>${type}</type>`}${segments.join('')}</trk>`;

export const gpx = (...within: string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="a program" xmlns="http://www.topografix.com/GPX/1/1">${within.join('')}</gpx>`;

/** A point of a TCX file at its place, `metres` from the start. */
export function trackpoint(second: number, within = ''): string {
  const position = `<Position><LatitudeDegrees>${latitudeAt(second).toFixed(7)}</LatitudeDegrees><LongitudeDegrees>${LONGITUDE}</LongitudeDegrees></Position>`;
  return `<Trackpoint><Time>${iso(second)}</Time>${position}<DistanceMeters>${second * METRES_PER_SECOND}</DistanceMeters>${within}</Trackpoint>`;
}

export function lap(from: number, seconds: number, within = '', points?: string): string {
  const track = points ?? Array.from({ length: seconds + 1 }, (_, i) => trackpoint(from + i)).join('');
  return `<Lap StartTime="${iso(from)}"><TotalTimeSeconds>${seconds}</TotalTimeSeconds><DistanceMeters>${seconds * METRES_PER_SECOND}</DistanceMeters>${within}<Track>${track}</Track></Lap>`;
}

export const activity = (sport: string, from: number, ...within: string[]): string =>
  `<Activity Sport="${sport}"><Id>${iso(from)}</Id>${within.join('')}</Activity>`;

export const tcx = (...within: string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2">${within.join('')}</TrainingCenterDatabase>`;

export const activities = (...within: string[]): string => `<Activities>${within.join('')}</Activities>`;
