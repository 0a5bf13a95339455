/** A constant message and fields. Tokens, bodies and health values never go in. */
export interface Log {
  debug(message: string, fields?: { [key: string]: unknown }): void;
  info(message: string, fields?: { [key: string]: unknown }): void;
  warn(message: string, fields?: { [key: string]: unknown }): void;
  /** A person must act. */
  error(message: string, fields?: { [key: string]: unknown }): void;
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
