import { NormalizedSchema } from '@smithy/core/schema';

/** Text, numbers and booleans are `plain`: on the wire they differ only in how they are read. */
export type ShapeKind = 'struct' | 'list' | 'map' | 'timestamp' | 'number' | 'boolean' | 'plain';

/** A member of a structure, or what a list or map is made of. */
export interface Member {
  /** As in code: `VolumeIds`. */
  readonly name: string;
  /** Its element in XML; in JSON it is always `name`. */
  readonly xmlName: string;
  /** Its parameter in a query: EC2 names some of its own. */
  readonly ec2Name: string;
  readonly isFlat: boolean;
  readonly isAttribute: boolean;
  readonly isPayload: boolean;
  readonly header: string | undefined;
  readonly queryKey: string | undefined;
  readonly shape: Shape;
}

/** What a value looks like on the wire: the SDK's own schema of it, in the little that the codecs ask. */
export interface Shape {
  readonly kind: ShapeKind;
  /** Its own name, or that of its element where it is a document's root. */
  readonly name: string;
  readonly members: ReadonlyMap<string, Member>;
  /** Of a list; of a map its value. */
  readonly item: Member | undefined;
}

type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];

const known = new WeakMap<NormalizedSchema, Shape>();

/** Of a schema that a client exports (`DescribeVolumesRequest$`), made once. */
export function shapeOf(schema: SchemaRef): Shape {
  return shaped(NormalizedSchema.of(schema));
}

function shaped(schema: NormalizedSchema): Shape {
  const made = known.get(schema) ?? new SchemaShape(schema);
  known.set(schema, made);
  return made;
}

/** Members are looked at when first asked for: shapes may hold themselves. */
class SchemaShape implements Shape {
  readonly kind: ShapeKind;
  readonly name: string;
  readonly #schema: NormalizedSchema;
  #members: ReadonlyMap<string, Member> | undefined;
  #item: Member | undefined;

  constructor(schema: NormalizedSchema) {
    this.#schema = schema;
    this.kind = kindOf(schema);
    this.name = text(schema.getOwnTraits().xmlName) ?? schema.getName() ?? '';
  }

  get members(): ReadonlyMap<string, Member> {
    this.#members ??=
      this.kind === 'struct'
        ? new Map([...this.#schema.structIterator()].map(([name, schema]) => [name, memberOf(name, schema)]))
        : new Map();
    return this.#members;
  }

  get item(): Member | undefined {
    if (this.kind === 'list') this.#item ??= memberOf('member', this.#schema.getValueSchema());
    if (this.kind === 'map') this.#item ??= memberOf('value', this.#schema.getValueSchema());
    return this.#item;
  }
}

function kindOf(schema: NormalizedSchema): ShapeKind {
  if (schema.isStructSchema()) return 'struct';
  if (schema.isListSchema()) return 'list';
  if (schema.isMapSchema()) return 'map';
  if (schema.isTimestampSchema()) return 'timestamp';
  if (schema.isNumericSchema() || schema.isBigIntegerSchema()) return 'number';
  return schema.isBooleanSchema() ? 'boolean' : 'plain';
}

function memberOf(name: string, schema: NormalizedSchema): Member {
  const traits = schema.getMemberTraits();
  const xmlName = text(traits.xmlName) ?? name;
  return {
    name,
    xmlName,
    ec2Name: text(traits['ec2QueryName']) ?? xmlName.charAt(0).toUpperCase() + xmlName.slice(1),
    isFlat: Boolean(traits.xmlFlattened),
    isAttribute: Boolean(traits.xmlAttribute),
    isPayload: Boolean(traits.httpPayload),
    header: text(traits.httpHeader),
    queryKey: text(traits.httpQuery),
    shape: shaped(schema),
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
