import { describe, expect, it } from 'vitest';
import { boundedLabels } from './bounded-labels.ts';

describe('labels of one metric', () => {
  it('are taken as they are until there are enough, then become one series', () => {
    const bound = boundedLabels(2);
    const plugins = ['a', 'b', 'c', 'd', 'a'].map((plugin) => bound({ plugin, status: '200' }));
    expect(plugins).toEqual([
      { plugin: 'a', status: '200' },
      { plugin: 'b', status: '200' },
      { plugin: 'other', status: 'other' },
      { plugin: 'other', status: 'other' },
      { plugin: 'a', status: '200' },
    ]);
  });
});
