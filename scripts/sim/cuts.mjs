/** When the power of a phone or of the hub goes, as the seed draws it. */
import { isSeldom, SORTS, sortOfSeed } from './power.mjs';

const LONGEST_CUT = 60;

/** Some die again before they are quite up. */
export function cutAtStart({ random, seed }) {
  if (random.chance(0.4)) return cutOfSeed(seed, random);
  return random.chance(0.2) ? { isAfter: random.chance(0.5), inStatements: random.between(0, 12) } : null;
}

export function cutPhone({ random, tell }, phone) {
  const cut = drawCut(random);
  tell(`${phone.name} will die ${textOf(cut)}`);
  phone.power().cutLater(cut);
}

export function cutHub({ random, hub, tell }) {
  const cut = drawCut(random);
  tell(`the hub will die ${textOf(cut)}`);
  hub.power().cutLater(cut);
}

function drawCut(random) {
  const isAfter = random.chance(0.5);
  const how = random.next();
  if (how < 0.35) return { isAfter, inStatements: random.between(0, LONGEST_CUT) };
  if (how < 0.6) return { isAfter, inNewStatements: random.between(0, 2) };
  return { isAfter, inSort: random.between(0, 2), sort: random.between(0, SORTS - 1) };
}

function textOf({ inStatements, inNewStatements, inSort, sort }) {
  if (inSort !== undefined) return `in ${inSort} statements of sort ${sort}`;
  return inStatements === undefined ? `in ${inNewStatements} new statements` : `in ${inStatements} statements`;
}

/** The sort of statements that a seed's processes die at, and on which side: each sort comes again with other seeds. */
export function cutOfSeed(seed, random) {
  const { sort, prefersAfter } = sortOfSeed(seed);
  const inSort = isSeldom(sort) || random.chance(0.5) ? 0 : random.between(0, 12);
  return { sort, isAfter: random.chance(0.8) === prefersAfter, inSort };
}
