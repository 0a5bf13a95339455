/**
 * Whether two numbers are a place on Earth. Exactly 0°, 0° is none: no one runs in the Gulf of Guinea, and devices
 * write it while they search for satellites.
 */
export function isPosition(latitudeDeg: number, longitudeDeg: number): boolean {
  return Math.abs(latitudeDeg) <= 90 && Math.abs(longitudeDeg) <= 180 && (latitudeDeg !== 0 || longitudeDeg !== 0);
}
