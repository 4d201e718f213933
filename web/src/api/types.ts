/** Shapes of the API that several pages use. Catalog records come from the generated schema. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Product = Schemas["Product"];
export type Location = Schemas["Location"];
export type Lot = Schemas["Lot"];
export type Instance = Schemas["Instance"];
export type Journal = Schemas["Journal"];
export type Party = Schemas["Party"];

export interface Ref {
  id: number;
  identifier?: string;
  name?: string;
}
export interface Place {
  id: number;
  path: string;
}
export interface LotRef {
  id: number;
  uid: string;
  name: string;
}

export interface Me {
  user: { id: number; name: string; email: string | null };
  tenant: { id: number; name: string };
  permissions: { permissions: string[]; orgUnit: number | null }[];
  expiresAt: string | null;
  csrfToken?: string;
}

export interface Balance {
  product: Ref;
  variant: Ref | null;
  lot: LotRef | null;
  location: Place;
  quantity: number;
  unit: string;
}

export interface Availability {
  product: Ref;
  variant: Ref | null;
  location: Place;
  orgUnit: Place;
  stock: number;
  reserved: number;
  available: number;
  /** Known of now alone. */
  ordered?: number;
  unit: string;
}

export interface Valuation {
  product: Ref;
  variant: Ref | null;
  lot: LotRef | null;
  orgUnit: Place;
  quantity: number;
  value: number;
  unit?: string | null;
  unitCost: number | null;
  method: string;
}

export interface Movement {
  id: number;
  position: number;
  batch: number;
  line: number;
  kind: string;
  product: Ref;
  variant: number | null;
  lot: LotRef | null;
  from: Place;
  to: Place;
  quantity: number;
  unit: string | null;
  amount: number | null;
  unitCost: number | null;
  counted: number | null;
  effectiveAt: string;
  bookedAt: string;
  bookedBy: number;
  journal: number | null;
  voucher: { id: number; number: number } | null;
  run: string | null;
  entry: number | null;
  orgUnit: Place;
  customer: number | null;
  supplier: number | null;
  externalReference: { type: string; id: number } | null;
  creditNoteReference: { type: string; id: number } | null;
  description: string | null;
  reverses: number | null;
}

export interface Entry {
  id: number;
  voucher: { id: number; number: number };
  journal: number;
  product: Ref;
  variant: number | null;
  lot: number | null;
  lotName: string | null;
  instances: number[] | null;
  location: Place;
  orgUnit: Place;
  count: number;
  unit: string | null;
  stockDate: string;
  costPrice: number | null;
  salesPrice: number | null;
  customer: number | null;
  supplier: number | null;
  description: string | null;
  createdAt: string;
  createdBy: number;
}

export interface Fault {
  entry: number;
  voucherNumber: number;
  code: string;
  message: string;
}

export interface Booking {
  id: number;
  uid: string;
  journal: number;
  state: "waiting" | "booked" | "rejected";
  resultCode: number;
  faultedNumber: number;
  progress: { done: number; total: number };
  faults: Fault[];
  entries: number;
  batch: number | null;
  requestedAt: string;
  requestedBy: number;
  finishedAt: string | null;
}

export interface Voucher {
  id: number;
  number: number;
  journal: number;
  description: string | null;
  createdAt: string;
  createdBy: number;
}

export interface Run {
  id: number;
  uid: string;
  kind: string;
  operation: { id: number; name: string | null } | null;
  status: string;
  product: Ref | null;
  lot: LotRef | null;
  secondaryProduct: Ref | null;
  secondaryLot: LotRef | null;
  from: Place | null;
  to: Place | null;
  quantity: number;
  unit: string | null;
  primaryQuantity: number;
  secondaryQuantity: number;
  lotStatus: string;
  startedAt: string;
  endedAt: string | null;
  reason: number | null;
  inventoryName: string | null;
  notes: string | null;
  spare1: string | null;
  spare2: string | null;
  spare3: string | null;
  reservation: number | null;
  batch: number | null;
}
