import { describe, expect, it } from 'vitest';
import { createHostTable } from './hosts.ts';

const stride = { id: 'stride', hosts: { 'stride.api': 'https://api.stride.test' } };

describe('the table of hosts', () => {
  it('keeps the declared origin beside the one it is mapped to', () => {
    const table = createHostTable({ plugins: [stride], mapping: { 'stride.api': 'http://127.0.0.1:9000' } });
    expect(table.entry('stride.api')).toEqual({
      name: 'stride.api',
      plugin: 'stride',
      declared: 'https://api.stride.test',
      origin: 'http://127.0.0.1:9000',
    });
  });

  it('ignores a mapping for a plugin that is not here', () => {
    expect(createHostTable({ plugins: [stride], mapping: { 'other.api': 'https://x.test' } }).entries()).toHaveLength(
      1,
    );
  });

  it('refuses one name declared twice, because a token would not know where it belongs', () => {
    const build = () => createHostTable({ plugins: [stride, { ...stride, id: 'other' }], mapping: {} });
    expect(build).toThrow(expect.objectContaining({ code: 'plugin_invalid' }));
  });

  it.each(['https://api.stride.test/v1', 'https://u:p@api.stride.test', 'ftp://api.stride.test', 'api.stride.test'])(
    'refuses %s, which is no origin',
    (address) => {
      const declared = () =>
        createHostTable({ plugins: [{ id: 'stride', hosts: { 'stride.api': address } }], mapping: {} });
      const mapped = () => createHostTable({ plugins: [stride], mapping: { 'stride.api': address } });
      expect(declared).toThrow(expect.objectContaining({ code: 'plugin_invalid' }));
      expect(mapped).toThrow(expect.objectContaining({ code: 'config_invalid' }));
    },
  );
});
