/** One file in an archive: a recording, an archive again, or nothing of ours. */
import { createGunzip } from 'node:zlib';
import { fileKindOf } from '../file-kind.ts';
import type { ArchiveItem, ArchiveMember, ArchiveWalk } from './archive-item.ts';
import { archiveKindOf } from './archive-kind.ts';
import { ArchiveRefusal, tooDense } from './archive-refusal.ts';
import { type ByteStream, collect, peek, through } from './byte-stream.ts';
import { recordingName } from './member-name.ts';
import { spool } from './spool.ts';
import { walkZip } from './walk-zip.ts';

/** As much as it takes to know what a file is. */
const HEAD_BYTES = 4_096;

/** @throws ArchiveRefusal, or what zlib says of damaged bytes. */
export async function* walkMember(member: ArchiveMember, walk: ArchiveWalk): AsyncGenerator<ArchiveItem> {
  const { path } = member;
  const { head, whole } = await peek(member.stream, HEAD_BYTES);
  member.stream = whole;
  const archive = archiveKindOf(head);
  try {
    if (archive === 'gzip') yield* walkGzip(member, walk);
    else if (archive === 'zip') yield* walkSpooled(member, walk);
    else if (!member.mustAnswer && fileKindOf(head) === 'other') yield { type: 'passed_over', path };
    else yield { type: 'file', path, fileName: recordingName(path), bytes: await recording(member, walk) };
  } finally {
    await whole.return(undefined);
  }
}

async function recording(member: ArchiveMember, { maxFileBytes }: ArchiveWalk): Promise<Uint8Array> {
  member.mustAnswer = true;
  if (member.bytes !== null && member.bytes > maxFileBytes) throw tooLarge(maxFileBytes);
  return collect(atMost(maxFileBytes, member.stream), member.bytes);
}

/** What is packed in a gzip has the path of the gzip: it holds one file, and its name in there is seldom set. */
export async function* walkGzip(packed: ArchiveMember, walk: ArchiveWalk): AsyncGenerator<ArchiveItem> {
  const depth = deeper(packed.depth, walk);
  const inner = { ...packed, stream: gunzipped(packed.stream, walk), bytes: null, depth };
  try {
    yield* walkMember(inner, walk);
  } finally {
    packed.mustAnswer = inner.mustAnswer;
  }
}

async function* walkSpooled(member: ArchiveMember, walk: ArchiveWalk): AsyncGenerator<ArchiveItem> {
  member.mustAnswer = true;
  const depth = deeper(member.depth, walk);
  const { source, close } = await spool(member.stream, walk.tempDir);
  try {
    yield* walkZip(source, member.path, depth, walk);
  } finally {
    await close();
  }
}

function deeper(depth: number, { limits }: ArchiveWalk): number {
  if (depth < limits.depth) return depth + 1;
  const what = `It lies in ${limits.depth} archives already; deeper ones are not unpacked.`;
  throw new ArchiveRefusal('archive_too_deep', what);
}

/** How large it will be is nowhere to be trusted, so its growth is watched. */
async function* gunzipped(packed: ByteStream, { limits, budget, signal }: ArchiveWalk): ByteStream {
  const engine = createGunzip();
  let bytes = 0;
  for await (const piece of through(packed, engine)) {
    signal.throwIfAborted();
    bytes += piece.length;
    budget.takeBytes(piece.length);
    if (bytes > limits.ratioFromBytes && bytes > engine.bytesWritten * limits.ratio) throw tooDense(limits.ratio);
    yield piece;
  }
}

async function* atMost(maxBytes: number, stream: ByteStream): ByteStream {
  let bytes = 0;
  for await (const piece of stream) {
    bytes += piece.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    yield piece;
  }
}

function tooLarge(maxBytes: number): ArchiveRefusal {
  return new ArchiveRefusal('archive_too_large', `It unpacks to more than the ${maxBytes} bytes a reader takes.`);
}
