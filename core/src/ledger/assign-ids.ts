/**
 * Which id an activity goes by: the oldest one a client may know, else the oldest. All its other ids become aliases
 * and stay with their record, so taking an activity apart gives every part its own id back.
 */
import type { Anchor } from './object-state.ts';

export interface AssignedIds {
  id: string;
  aliases: string[];
}

/**
 * @param anchors ids founded by the records of one activity.
 * @param knownRev largest rev handed to any client: younger ids are known to nobody but their maker.
 * @param newId makes an id where no record ever founded one.
 */
export function assignIds(anchors: { [id: string]: Anchor }, knownRev: number, newId: () => string): AssignedIds {
  const known = (anchor: Anchor) => anchor.byClient || anchor.createdRev <= knownRev;
  const ranked = Object.entries(anchors).sort(
    ([idA, a], [idB, b]) =>
      Number(known(b)) - Number(known(a)) || a.createdRev - b.createdRev || (idA < idB ? -1 : idA > idB ? 1 : 0),
  );
  const [first, ...rest] = ranked.map(([id]) => id);
  return first === undefined ? { id: newId(), aliases: [] } : { id: first, aliases: rest };
}
