import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { generateKey } from './key.ts';
import { createVault } from './vault.ts';

const random = { bytes: (count: number) => new Uint8Array(randomBytes(count)) };
const OLD = generateKey(random);
const NEW = generateKey(random);
const ROW = 'connection:c1:a1';
const vaultOf = (...keys: string[]) => createVault(keys, { random });

describe('a sealed secret', () => {
  it('opens for the row it was sealed for', () => {
    const vault = vaultOf(NEW);
    const sealed = vault.seal('{"accessToken":"ü"}', ROW);
    expect(sealed).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]{16}\.[\w-]+$/);
    expect(vault.open(sealed, ROW)).toBe('{"accessToken":"ü"}');
  });

  it('never looks the same twice', () => {
    const vault = vaultOf(NEW);
    expect(vault.seal('x', ROW)).not.toBe(vault.seal('x', ROW));
  });

  it('does not open for another row', () => {
    const vault = vaultOf(NEW);
    expect(() => vault.open(vault.seal('x', ROW), 'connection:c1:a2')).toThrow(
      expect.objectContaining({ code: 'vault_unreadable' }),
    );
  });

  it('does not open when any character of it was changed', () => {
    const vault = vaultOf(NEW);
    const sealed = vault.seal('secret', ROW);
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
      expect(() => vault.open(changed, ROW), changed).toThrow(expect.objectContaining({ code: 'vault_unreadable' }));
    }
  });

  it.each(['', 'v1', 'v1.k.n.b', 'plain text', 'v1....', 'v2.a.b.c'])('is not made of %o', (text) => {
    expect(() => vaultOf(NEW).open(text, ROW)).toThrow(expect.objectContaining({ code: 'vault_unreadable' }));
  });

  it('opens after a newer key came, and tells which one sealed it', () => {
    const sealed = vaultOf(OLD).seal('x', ROW);
    const rotated = vaultOf(NEW, OLD);
    expect(rotated.open(sealed, ROW)).toBe('x');
    expect(rotated.sealedWith(sealed)).toBe(OLD.split(':')[0]);
    expect(rotated.sealedWith(rotated.seal('x', ROW))).toBe(rotated.newestKeyId);
  });

  it('does not open once its key is gone, and says which key that was', () => {
    const sealed = vaultOf(OLD).seal('x', ROW);
    expect(() => vaultOf(NEW).open(sealed, ROW)).toThrow(`sealed with the key "${OLD.split(':')[0]}"`);
  });

  it('does not open with another key of the same id', () => {
    const impostor = `${OLD.split(':')[0]}:${NEW.split(':')[1]}`;
    const sealed = vaultOf(OLD).seal('x', ROW);
    expect(() => vaultOf(impostor).open(sealed, ROW)).toThrow(expect.objectContaining({ code: 'vault_unreadable' }));
  });
});

describe('a vault', () => {
  it('is not made without a key', () => {
    expect(() => vaultOf()).toThrow(
      expect.objectContaining({ code: 'key_missing', fix: expect.stringContaining('coach init') }),
    );
  });

  it.each([
    ['short', `k:${Buffer.alloc(31).toString('base64')}`],
    ['no id', Buffer.alloc(32).toString('base64')],
    ['text', 'k:secret'],
  ])('does not take a key that is %s, and does not repeat it', (_, key) => {
    const make = () => vaultOf(NEW, key);
    expect(make).toThrow(expect.objectContaining({ code: 'config_invalid' }));
    expect(make).not.toThrow(key);
  });

  it('does not take two keys of one id', () => {
    expect(() => vaultOf(NEW, NEW)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  });
});
