import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textOf } from './fixture.test-support.ts';
import { scrubItem } from './scrub.ts';

const scrubbed = (item: object) => textOf(scrubItem(item));

describe('the bytes of an item', () => {
  it('are one text for one statement: order, nulls and the type of ids do not matter', () => {
    const text = '{"activityId":"5001","b":{"c":1,"parentSummaryId":"7"},"d":[{"x":1}]}';
    expect(scrubbed({ d: [{ y: null, x: 1 }], b: { parentSummaryId: 7, c: 1.0, z: null }, activityId: 5001 })).toBe(
      text,
    );
    expect(scrubbed({ activityId: ' 5001 ', b: { c: 1, parentSummaryId: '7' }, d: [{ x: 1 }] })).toBe(text);
  });

  it('keep what is no member: nulls and order in lists', () => {
    expect(scrubbed({ list: [2, null, 1, [null]] })).toBe('{"list":[2,null,1,[null]]}');
  });

  it('have none of what must not be stored, at any depth and in any case', () => {
    const item = {
      userId: 'X',
      UserAccessToken: 'X',
      deep: [{ eMail: 'X', pullToken: 'X', clientSecret: 'X', kept: 1 }],
      fullName: 'X',
    };
    expect(scrubbed(item)).toBe('{"deep":[{"kept":1}]}');
  });

  it('cannot be tricked by names that objects inherit', () => {
    const item = JSON.parse('{"__proto__":{"a":null,"b":1},"toString":1,"other":{}}') as object;
    expect(scrubbed(item)).toBe('{"other":{},"toString":1}');
  });

  it('are the same when they are scrubbed again', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (item) => {
        const once = scrubbed(item);
        expect(scrubbed(JSON.parse(once) as object)).toBe(once);
      }),
    );
  });

  it('leave what they were made from as it was', () => {
    const item = { activityId: 5001, nested: { gone: null } };
    scrubItem(item);
    expect(item).toEqual({ activityId: 5001, nested: { gone: null } });
  });
});
