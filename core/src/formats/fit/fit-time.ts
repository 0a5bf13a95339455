/**
 * FIT times: whole seconds since 1989-12-31T00:00:00Z.
 *
 * A device whose clock was never set counts from its power-on instead. Such times lie below `CLOCK_SET_FROM_FIT_S`
 * and come out as dates of 1990 to 1998: the distances between them are right, the date is not.
 */

/** Unix seconds of FIT second 0. */
const FIT_EPOCH_S = 631_065_600;

/** FIT seconds below this (July 1998) are "time since power-on" by the FIT protocol. */
const CLOCK_SET_FROM_FIT_S = 0x1000_0000;

/** Unix seconds of a FIT time. */
export function fitToUnixS(fitS: number): number {
  return fitS + FIT_EPOCH_S;
}

/** Unix milliseconds of a FIT time. */
export function fitToUnixMs(fitS: number): number {
  return (fitS + FIT_EPOCH_S) * 1_000;
}

/** FIT seconds of a Unix time in milliseconds. */
export function unixMsToFit(unixMs: number): number {
  return unixMs / 1_000 - FIT_EPOCH_S;
}

/** Whether the device that wrote this time had its clock set. */
export function isClockSet(fitS: number): boolean {
  return fitS >= CLOCK_SET_FROM_FIT_S;
}
