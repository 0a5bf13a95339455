/** What the SDK asks of the phone. This file alone reads a clock or draws chance; tests hand in their own. */
export interface Platform {
  /** Milliseconds since 1970, as the phone believes. The SDK corrects them by what the hub's clock says. */
  now(): number;
  /** A random (version 4) UUID. */
  randomUuid(): string;
  /** From 0 up to 1. */
  random(): number;
  /** The phone's IANA time zone, or null where the platform does not say. */
  timeZone(): string | null;
  /** Calls back once after `ms`; the function returned cancels it. */
  after(ms: number, callback: () => void): () => void;
}

/** The platform every JavaScript runtime with `crypto.getRandomValues` and `Intl` offers. */
export function defaultPlatform(): Platform {
  return {
    now: () => Date.now(),
    randomUuid: () => uuidFrom(crypto.getRandomValues(new Uint8Array(16))),
    random: () => Math.random(),
    timeZone: () => Intl.DateTimeFormat().resolvedOptions().timeZone ?? null,
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
  };
}

/** A version 4 UUID of 16 random bytes. Not `crypto.randomUUID`, which phones' runtimes and plain-HTTP pages lack. */
export function uuidFrom(bytes: Uint8Array): string {
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
