/**
 * The words that TCX and GPX files use for a sport, in ours.
 *
 * TCX has three (Running, Biking, Other), but programs write more; GPX leaves `type` open: words in any case, joined by
 * blanks, dashes or underscores, and numbers of one large service. A word we do not know is looked through for one that
 * we do, so that `Trail Running (virtual)` is a run.
 */
import type { Sport, SubSport } from '../../model/sport.ts';
import type { DecodeNote } from '../decoded.ts';

/** The first that fits counts; so finer words come first. */
const WORDS: readonly (readonly [RegExp, Sport, SubSport | null])[] = [
  [/transition/, 'transition', null],
  [/multi ?sport|triathlon|duathlon/, 'multisport', null],
  [/treadmill/, 'run', 'treadmill'],
  [/virtual ?run/, 'run', 'virtual'],
  [/indoor run/, 'run', 'indoor'],
  [/trail ?run/, 'run', 'trail'],
  [/track run/, 'run', 'track'],
  [/(street|road) run/, 'run', 'road'],
  [/ultra/, 'run', 'ultra'],
  [/obstacle/, 'run', 'obstacle'],
  [/\brun|jog/, 'run', null],
  [/virtual (ride|cycl|bik)|virtualride/, 'ride', 'virtual'],
  [/(indoor|spin).*(ride|cycl|bik)|^spinning$/, 'ride', 'indoor'],
  [/mountain ?bik|\bmtb\b|downhill bik/, 'ride', 'mountain'],
  [/gravel/, 'ride', 'gravel'],
  [/cyclo ?cross/, 'ride', 'cyclocross'],
  [/road (bik|cycl|ride)/, 'ride', 'road'],
  [/track cycl/, 'ride', 'track'],
  [/cycl|bik(e|ing)|\bride|\briding/, 'ride', null],
  [/open ?water/, 'swim', 'open_water'],
  [/(lap|pool) ?swim/, 'swim', 'pool'],
  [/swim/, 'swim', null],
  [/hik|trek|mountaineer|\bruck/, 'hike', null],
  [/walk/, 'walk', null],
  [/strength|weight ?(lift|train)/, 'strength', null],
];
const NUMBERS: { readonly [type: string]: Sport } = { 1: 'ride', 4: 'hike', 9: 'run', 10: 'walk', 16: 'swim' };
const MAX_WORD_CHARS = 60;

/** @param stated what the file says; null when it says nothing. */
export function sportOfWord(stated: string | null): { sport: Sport; subSport: SubSport | null; notes: DecodeNote[] } {
  if (stated === null || stated.trim() === '') {
    return { sport: 'other', subSport: null, notes: [{ code: 'sport_not_stated' }] };
  }
  const word = spaced(stated);
  const number = Object.hasOwn(NUMBERS, word) ? NUMBERS[word] : undefined;
  if (number !== undefined) return { sport: number, subSport: null, notes: [] };
  const known = WORDS.find(([pattern]) => pattern.test(word));
  if (known !== undefined) return { sport: known[1], subSport: known[2], notes: [] };
  return { sport: 'other', subSport: null, notes: [{ code: 'sport_unknown', params: { sport: word } }] };
}

/** `TrailRunning`, `trail_running` and `Trail-Running` are one word. */
function spaced(stated: string): string {
  return stated
    .trim()
    .slice(0, MAX_WORD_CHARS)
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ');
}
