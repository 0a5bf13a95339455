/** 0 where it is -0, which JSON does not know. */
export function plainZero<T>(value: T): T {
  return Object.is(value, -0) ? (0 as T) : value;
}
