/** Longer names are cut; some systems take no more than 255 bytes. */
const MAX_NAME_CHARS = 120;

/**
 * `Content-Disposition` for a download. The name came with somebody's upload: paths, quotes and control characters are
 * taken out, and letters beyond ASCII go in the encoded form (RFC 6266) with a plain one for old clients.
 */
export function attachment(name: string | null, fallback: string): string {
  const safe = safeName(name ?? '') || fallback;
  const ascii = safe.replace(/[^\x20-\x7e]/g, '_').replace(/["%\\]/g, '_');
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encodeExtended(safe)}`;
}

function safeName(name: string): string {
  const last = (name.split(/[/\\]/).at(-1) ?? '').slice(-MAX_NAME_CHARS); // the end, for it names the type
  // Letters that are invisible or turn the direction of reading can dress up one file type as another.
  const visible = last.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '').replace(/[<>:"|?*]/g, '_');
  return visible.replace(/^[. ]+|[. ]+$/g, '');
}

/** RFC 5987 allows fewer characters than encodeURIComponent leaves. */
function encodeExtended(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
