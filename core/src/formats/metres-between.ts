const EARTH_RADIUS_M = 6_371_008.8;
const RADIANS_PER_DEGREE = Math.PI / 180;

/** Metres between two positions in degrees, on a sphere (haversine; up to 0.5 % from the ellipsoid). */
export function metresBetween(latitudeA: number, longitudeA: number, latitudeB: number, longitudeB: number): number {
  const halfLatitude = ((latitudeB - latitudeA) * RADIANS_PER_DEGREE) / 2;
  const halfLongitude = ((longitudeB - longitudeA) * RADIANS_PER_DEGREE) / 2;
  const a =
    Math.sin(halfLatitude) ** 2 +
    Math.cos(latitudeA * RADIANS_PER_DEGREE) * Math.cos(latitudeB * RADIANS_PER_DEGREE) * Math.sin(halfLongitude) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(a)));
}
