/** How the record messages of one definition fill columns: worked out once, used for every record. */

/** A column that comes into being with its first value. */
export class ColumnSlot {
  values: Float64Array | null = null;
}

/** Fills one column from one place of a layout: `value = raw / scale + offset`, or semicircles in degrees. */
export interface ColumnRead {
  slot: ColumnSlot;
  at: number;
  type: number;
  scale: number;
  offset: number;
  degrees: boolean;
}

/** The records of one layout: their row in the columns and where their bytes begin. */
export interface RecordLayout {
  littleEndian: boolean;
  reads: ColumnRead[];
  /** Where `compressed_speed_distance` lies, -1 when the layout has none. */
  packedAt: number;
  rows: number[];
  payloads: number[];
}
