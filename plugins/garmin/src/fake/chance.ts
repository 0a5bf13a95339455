/** Everything a fake makes up comes from the injected source, so that one seed gives one story. */
export type Random = () => number;

const HEX = '0123456789abcdef';

export function hex(random: Random, length: number): string {
  return Array.from({ length }, () => HEX[Math.floor(random() * 16)]).join('');
}

/** A user id as Garmin's: opaque, in UUID form. */
export function uuid(random: Random): string {
  const text = hex(random, 32);
  return [text.slice(0, 8), text.slice(8, 12), `4${text.slice(13, 16)}`, `a${text.slice(17, 20)}`, text.slice(20)].join(
    '-',
  );
}

export function wholeNumber(random: Random, from: number, to: number): number {
  return from + Math.floor(random() * (to - from));
}

/** Values around 0 that drift like a body or a satellite fix: neighbours are alike, far ones independent. */
export function drift(random: Random, count: number, memoryS: number, size: number): number[] {
  const keep = Math.exp(-1 / memoryS);
  const step = size * Math.sqrt(1 - keep * keep) * Math.sqrt(12);
  let value = 0;
  return Array.from({ length: count }, () => {
    value = value * keep + (random() - 0.5) * step;
    return value;
  });
}
