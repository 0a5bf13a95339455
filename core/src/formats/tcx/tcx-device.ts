/** `Creator`: the device that recorded an activity, as it names itself. */
import type { DecodedActivityFile } from '../decoded.ts';
import { numberOrNull } from '../track/text-values.ts';

export interface TcxDevice {
  name: string | null;
  serial: number | null;
  major: number | null;
  minor: number | null;
}

const MAX_NAME_CHARS = 100;

export function createTcxDevice(): TcxDevice {
  return { name: null, serial: null, major: null, minor: null };
}

export function readDevice(device: TcxDevice, name: string, text: string): void {
  if (name === 'Name') device.name = text === '' ? null : text.slice(0, MAX_NAME_CHARS);
  else if (name === 'UnitId') device.serial = numberOrNull(text, 0, Number.MAX_SAFE_INTEGER);
  else if (name === 'VersionMajor') device.major = numberOrNull(text, 0, 9_999);
  else if (name === 'VersionMinor') device.minor = numberOrNull(text, 0, 9_999);
}

/** A unit id of 0 is none. Firmware is written as FIT's is: 2.2 with a minor of two digits. */
export function deviceOf({ name, serial, major, minor }: TcxDevice): DecodedActivityFile['device'] {
  const firmware = major === null || (major === 0 && !minor) ? null : `${major}.${String(minor ?? 0).padStart(2, '0')}`;
  return { name, manufacturer: null, serial: serial === 0 ? null : serial, firmware };
}
