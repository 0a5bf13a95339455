import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isTestPath, walk } from './tree.mjs';

export const NAME = 'vendor-in-core';
export const WHY =
  'Core serves every provider alike. Once it knows one by name, the next provider means a change of core, and what the adapter contract cannot say stays hidden.';

const SEPARATED = '[-_ ]?';
const VENDORS = [
  'garmin',
  'ahotu',
  'myfitnesspal',
  'strava',
  'polar',
  'oura',
  'withings',
  'suunto',
  'coros',
  'whoop',
  'fitbit',
  'zwift',
  'peloton',
  'wahoo',
  'dexcom',
  `freestyle${SEPARATED}libre`,
  `open${SEPARATED}meteo`,
  'openweather',
  'accuweather',
  'runsignup',
];
const ANY_VENDOR = new RegExp(VENDORS.join('|'), 'gi');
const TEXT = /\.(?:[cm]?[jt]sx?|json|md|sql|ya?ml|txt)$/;

/** Comments, strings and file names count: an explanation that needs a vendor belongs to that vendor's plugin. */
export function offences({ root }) {
  return walk(root, 'core/src')
    .filter((path) => TEXT.test(path) && !isTestPath(path))
    .flatMap((path) => [
      ...vendorNames(path).map((name) => offence(path, name)),
      ...readFileSync(join(root, path), 'utf8')
        .split('\n')
        .flatMap((line, index) => vendorNames(line).map((name) => offence(`${path}:${index + 1}`, name))),
    ]);
}

/** Whole words, also inside camelCase and snake_case: `GarminFoo`, `fromGarmin`, `GARMIN_ID`, but never `polarity`. */
export function vendorNames(text) {
  return [...text.matchAll(ANY_VENDOR)]
    .filter((match) => startsWord(text, match) && endsWord(text, match))
    .map((match) => match[0]);
}

function startsWord(text, { 0: name, index }) {
  const before = text[index - 1] ?? ' ';
  return !/\p{L}/u.test(before) || (/\p{Ll}/u.test(before) && /^\p{Lu}/u.test(name));
}

function endsWord(text, { 0: name, index }) {
  const after = text[index + name.length] ?? ' ';
  return !/\p{L}/u.test(after) || (/\p{Lu}/u.test(after) && /\p{Ll}$/u.test(name));
}

function offence(at, name) {
  return {
    at,
    what: `"${name}" is a provider's name, in core.`,
    fix: 'Say what the provider does (a capability, a limit, a policy) as a field of the adapter contract, and let its plugin fill it in.',
  };
}
