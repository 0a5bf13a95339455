/** What measured heart rate and altitude, as far as the file's list of devices says so. */
import type { DeviceInfoMessage } from './fit-messages.ts';

const SOURCE_LOCAL = 5;
/** Heart-rate monitor: among ANT+ devices, and among Bluetooth ones. */
const ANT_HEART_RATE = 120;
const BLUETOOTH_HEART_RATE = 1;
const BLUETOOTH_SOURCES: ReadonlySet<number> = new Set([2, 3]);
/** Sensors inside the watch. */
const LOCAL_WRIST_HEART_RATE = 10;
const LOCAL_BAROMETER = 4;

/** `chest` when a strap was connected, which then takes precedence over the wrist; null when no device says. */
export function heartRateSourceOf(devices: readonly DeviceInfoMessage[]): 'chest' | 'wrist' | null {
  if (devices.some(isStrap)) return 'chest';
  return devices.some((device) => isLocal(device, LOCAL_WRIST_HEART_RATE)) ? 'wrist' : null;
}

/** `barometric` when the watch has a barometer. A list without one proves nothing: older watches list no sensors. */
export function altitudeSourceOf(devices: readonly DeviceInfoMessage[]): 'barometric' | null {
  return devices.some((device) => isLocal(device, LOCAL_BAROMETER)) ? 'barometric' : null;
}

/** Older files do not state the source; a type of 120 exists only among ANT+ devices. */
function isStrap({ device_type, source_type }: DeviceInfoMessage): boolean {
  if (source_type === SOURCE_LOCAL) return false;
  if (source_type !== undefined && BLUETOOTH_SOURCES.has(source_type)) return device_type === BLUETOOTH_HEART_RATE;
  return device_type === ANT_HEART_RATE;
}

function isLocal({ device_type, source_type }: DeviceInfoMessage, type: number): boolean {
  return source_type === SOURCE_LOCAL && device_type === type;
}
