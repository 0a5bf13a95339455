import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonFault } from './json-fault.ts';

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('where a text stops being JSON', () => {
  it.each([
    ['{"a": 1,\n "b": }', { line: 2, column: 7, expected: 'a value' }],
    ['{"a" 1}', { line: 1, column: 6, expected: '":"' }],
    ['{"a": 1 "b": 2}', { line: 1, column: 9, expected: '"," or the closing bracket' }],
    ['{"a": 1,}', { line: 1, column: 9, expected: 'a name in quotes' }],
    ['{a: 1}', { line: 1, column: 2, expected: 'a name in quotes or "}"' }],
    ['[1, 2', { line: 1, column: 6, expected: '"," or the closing bracket' }],
    ['[1, 2}', { line: 1, column: 6, expected: '"," or the closing bracket' }],
    ['{"a": 1} x', { line: 1, column: 10, expected: 'the end' }],
    ['{"a": "secret', { line: 1, column: 7, expected: 'a value' }],
    ['01', { line: 1, column: 2, expected: 'the end' }],
    ['', { line: 1, column: 1, expected: 'a value' }],
  ])('%j', (text, fault) => {
    expect(findJsonFault(text)).toEqual(fault);
  });

  it('is nowhere exactly when the text is JSON', () => {
    const damaged = fc
      .tuple(fc.json(), fc.nat(), fc.nat(3), fc.string({ maxLength: 3 }))
      .map(([json, place, cut, insert]) => {
        const at = place % (json.length + 1);
        return json.slice(0, at) + insert + json.slice(at + cut);
      });
    fc.assert(
      fc.property(fc.oneof(fc.json(), damaged, fc.string()), (text) => {
        expect(findJsonFault(text) === null).toBe(parses(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is found however deep the text is nested', () => {
    expect(findJsonFault('['.repeat(300_000))).toMatchObject({ column: 300_001 });
  });
});
