/**
 * `compressed_speed_distance`, three bytes in which old foot pods put both: twelve bits of speed in 1/100 m/s, then
 * twelve bits of distance in 1/16 m. The distance wraps every 256 m, so its steps are added up; a runner cannot cover
 * 256 m between two records.
 */
export const PACKED_BYTES = 3;

const SPEED_SCALE = 100;
const DISTANCE_SCALE = 16;
const WRAP = 0x1000;
const NO_SPEED = 0xfff;

/**
 * @param places per record the byte where its three bytes begin, or -1.
 * @returns m/s, and metres counted as the device counts them; NaN where a record has none.
 */
export function unpackSpeedDistance(
  view: DataView,
  places: Int32Array,
): { speed: Float64Array; distance: Float64Array } | null {
  const speed = new Float64Array(places.length).fill(Number.NaN);
  const distance = new Float64Array(places.length).fill(Number.NaN);
  let found = false;
  let total = 0;
  let last = 0;
  for (let row = 0; row < places.length; row++) {
    const at = places[row]!;
    if (at < 0) continue;
    const packed = view.getUint8(at) | (view.getUint8(at + 1) << 8) | (view.getUint8(at + 2) << 16);
    if (packed === 0xff_ffff) continue;
    found = true;
    const rawSpeed = packed & 0xfff;
    if (rawSpeed !== NO_SPEED) speed[row] = rawSpeed / SPEED_SCALE;
    const rawDistance = packed >>> 12;
    total += (rawDistance - last + WRAP) % WRAP;
    last = rawDistance;
    distance[row] = total / DISTANCE_SCALE;
  }
  return found ? { speed, distance } : null;
}
