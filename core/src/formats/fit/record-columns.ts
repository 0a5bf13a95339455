/**
 * Record messages into columns: the hot part of reading a file.
 *
 * The walk (read-fit.ts) only notes where each record's bytes begin. Then every column of every layout is filled in
 * one loop that reads one type at one place and allocates nothing.
 */
import { BASE_TYPE, numberClass, readNumber } from './base-type.ts';
import { type Definition, isWhole } from './definition.ts';
import type { DeveloperFields } from './developer-fields.ts';
import { FIT_LIMITS } from './fit-limits.ts';
import type { FitRecords, RecordField } from './fit-messages.ts';
import { PACKED_BYTES, unpackSpeedDistance } from './packed-speed-distance.ts';
import { DEGREES_PER_SEMICIRCLE, PACKED_SPEED_DISTANCE_FIELD, RECORD } from './profile.ts';
import { type ColumnRead, ColumnSlot, type RecordLayout } from './record-layout.ts';

const FIRST_ROWS = 1_024;

export class RecordColumns {
  count = 0;
  /** Records that were left out because the file has too many. */
  beyondLimit = 0;
  private timestamps = new Float64Array(FIRST_ROWS);
  private readonly slots = new Map<RecordField, ColumnSlot>();
  private readonly layouts: RecordLayout[] = [];
  private readonly view: DataView;
  private readonly developerFields: DeveloperFields;

  constructor(view: DataView, developerFields: DeveloperFields) {
    this.view = view;
    this.developerFields = developerFields;
  }

  /** Notes one record. `fitS` is NaN when it has no time. */
  add(definition: Definition, payload: number, fitS: number): void {
    const row = this.count;
    if (row === FIT_LIMITS.records) {
      this.beyondLimit++;
      return;
    }
    if (row === this.timestamps.length) this.growTimestamps();
    this.timestamps[row] = fitS;
    const layout =
      definition.layoutVersion === this.developerFields.version ? definition.layout! : this.layoutOf(definition);
    layout.rows.push(row);
    layout.payloads.push(payload);
    this.count = row + 1;
  }

  /** Whether the file keeps changing its layouts, which only a hostile one does: later records have a time only. */
  get tooManyLayouts(): boolean {
    return this.layouts.length >= FIT_LIMITS.definitions;
  }

  finish(): FitRecords {
    for (const layout of this.layouts) for (const read of layout.reads) this.fill(layout, read);
    const columns: FitRecords['columns'] = {};
    for (const [field, { values }] of this.slots) if (values !== null) columns[field] = values;
    const packed = this.unpack();
    return {
      count: this.count,
      timestamp: this.timestamps.slice(0, this.count),
      columns,
      packedSpeed: packed?.speed ?? null,
      packedDistance: packed?.distance ?? null,
      developer: this.developerFields.filled(),
    };
  }

  private growTimestamps(): void {
    const larger = new Float64Array(Math.min(FIT_LIMITS.records, this.timestamps.length * 2));
    larger.set(this.timestamps);
    this.timestamps = larger;
  }

  /** Works out what a definition's fields fill, once per definition and state of the developer fields. */
  private layoutOf(definition: Definition): RecordLayout {
    definition.layoutVersion = this.developerFields.version;
    if (definition.layout !== null && definition.developerFields.length === 0) return definition.layout;
    if (this.tooManyLayouts) {
      definition.layout = { littleEndian: true, reads: [], packedAt: -1, rows: [], payloads: [] };
      return definition.layout;
    }
    const layout: RecordLayout = {
      littleEndian: definition.littleEndian,
      reads: [...this.nativeReads(definition), ...this.developerReads(definition)],
      packedAt: -1,
      rows: [],
      payloads: [],
    };
    for (const field of definition.fields) {
      const isPacked = field.number === PACKED_SPEED_DISTANCE_FIELD && field.size === PACKED_BYTES;
      if (isPacked && field.type === BASE_TYPE.byte) layout.packedAt = field.at;
    }
    definition.layout = layout;
    this.layouts.push(layout);
    return layout;
  }

  private *nativeReads(definition: Definition): Iterable<ColumnRead> {
    for (const field of definition.wholeFields.values()) {
      const scaled = RECORD.numbers.get(field.number);
      if (scaled === undefined || field.type === null) continue;
      const degrees = scaled.name === 'position_lat' || scaled.name === 'position_long';
      const signed = degrees || scaled.name === 'temperature';
      if (numberClass(field.type) !== (signed ? 'signed' : 'unsigned')) continue;
      const slot = this.slots.get(scaled.name) ?? new ColumnSlot();
      this.slots.set(scaled.name, slot);
      yield { slot, at: field.at, type: field.type, scale: scaled.scale, offset: scaled.offset, degrees };
    }
  }

  private *developerReads(definition: Definition): Iterable<ColumnRead> {
    const last = new Map(definition.developerFields.map((field) => [field.developerIndex * 256 + field.number, field]));
    for (const field of last.values()) {
      const column = this.developerFields.column(field.developerIndex, field.number);
      const type = column?.description.baseType ?? null;
      if (column === null || type === null || numberClass(type) === null) continue;
      if (!isWhole({ size: field.size, type })) continue;
      const { scale, offset } = column.description;
      yield { slot: column.slot, at: field.at, type, scale, offset: -offset, degrees: false };
    }
  }

  private fill(layout: RecordLayout, read: ColumnRead): void {
    if (read.slot.values === null) {
      if (!hasValue(this.view, layout, read)) return;
      read.slot.values = new Float64Array(this.count).fill(Number.NaN);
    }
    fillColumn(this.view, layout, read, read.slot.values);
  }

  private unpack(): { speed: Float64Array; distance: Float64Array } | null {
    const packed = this.layouts.filter((layout) => layout.packedAt >= 0);
    if (packed.length === 0) return null;
    const places = new Int32Array(this.count).fill(-1);
    for (const { rows, payloads, packedAt } of packed) {
      for (let i = 0; i < rows.length; i++) places[rows[i]!] = payloads[i]! + packedAt;
    }
    return unpackSpeedDistance(this.view, places);
  }
}

function hasValue(view: DataView, layout: RecordLayout, read: ColumnRead): boolean {
  const { payloads, littleEndian } = layout;
  for (let i = 0; i < payloads.length; i++) {
    if (!Number.isNaN(readNumber(view, payloads[i]! + read.at, read.type, littleEndian))) return true;
  }
  return false;
}

/** One loop per common type: the type is decided once a column, not once a value. */
function fillColumn(view: DataView, layout: RecordLayout, read: ColumnRead, values: Float64Array): void {
  const { rows, payloads, littleEndian } = layout;
  const { at, type, scale, offset, degrees } = read;
  const count = rows.length;
  switch (type) {
    case BASE_TYPE.enum:
    case BASE_TYPE.uint8:
    case BASE_TYPE.byte:
      for (let i = 0; i < count; i++) {
        const raw = view.getUint8(payloads[i]! + at);
        if (raw !== 0xff) values[rows[i]!] = raw / scale + offset;
      }
      return;
    case BASE_TYPE.sint8:
      for (let i = 0; i < count; i++) {
        const raw = view.getInt8(payloads[i]! + at);
        if (raw !== 0x7f) values[rows[i]!] = degrees ? raw * DEGREES_PER_SEMICIRCLE : raw / scale + offset;
      }
      return;
    case BASE_TYPE.uint16:
      for (let i = 0; i < count; i++) {
        const raw = view.getUint16(payloads[i]! + at, littleEndian);
        if (raw !== 0xffff) values[rows[i]!] = raw / scale + offset;
      }
      return;
    case BASE_TYPE.uint32:
      for (let i = 0; i < count; i++) {
        const raw = view.getUint32(payloads[i]! + at, littleEndian);
        if (raw !== 0xffff_ffff) values[rows[i]!] = raw / scale + offset;
      }
      return;
    case BASE_TYPE.sint32:
      for (let i = 0; i < count; i++) {
        const raw = view.getInt32(payloads[i]! + at, littleEndian);
        if (raw !== 0x7fff_ffff) values[rows[i]!] = degrees ? raw * DEGREES_PER_SEMICIRCLE : raw / scale + offset;
      }
      return;
    case BASE_TYPE.float32:
      for (let i = 0; i < count; i++) {
        const raw = view.getFloat32(payloads[i]! + at, littleEndian);
        if (Number.isFinite(raw)) values[rows[i]!] = raw / scale + offset;
      }
      return;
    default:
      for (let i = 0; i < count; i++) {
        const raw = readNumber(view, payloads[i]! + at, type, littleEndian);
        if (!Number.isNaN(raw)) values[rows[i]!] = degrees ? raw * DEGREES_PER_SEMICIRCLE : raw / scale + offset;
      }
  }
}
