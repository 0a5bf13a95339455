const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

/** Lower-case letters and digits, about 5 bits each. */
export function randomId(random: () => number, length: number): string {
  return Array.from({ length }, () => ALPHABET[Math.floor(random() * ALPHABET.length)]).join('');
}
