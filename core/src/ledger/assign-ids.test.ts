import { describe, expect, it } from 'vitest';
import { assignIds } from './assign-ids.ts';

const anchor = (createdRev: number, byClient = false) => ({ record: `r${createdRev}`, createdRev, byClient });
const never = () => 'new';

describe('the id of a joined activity', () => {
  it('is the one the phone made when no client has seen the other', () => {
    expect(assignIds({ hub: anchor(5), phone: anchor(9, true) }, 4, never)).toEqual({ id: 'phone', aliases: ['hub'] });
  });
  it('is the older one when clients may know both', () => {
    expect(assignIds({ hub: anchor(5), phone: anchor(9, true) }, 5, never)).toEqual({ id: 'hub', aliases: ['phone'] });
  });
  it('is the oldest when nobody knows any', () => {
    expect(assignIds({ b: anchor(7), a: anchor(6) }, 0, never)).toEqual({ id: 'a', aliases: ['b'] });
  });
  it('is made where no record founded one', () => {
    expect(assignIds({}, 0, never)).toEqual({ id: 'new', aliases: [] });
  });
});
