import { Type } from 'typebox';
import { instant, nullable, type Static, toInstant } from '../../kernel/schema.ts';
import type { Acknowledgement, Note } from './note.ts';

const authorWire = Type.Object({ id: Type.String(), name: Type.String() });

export const acknowledgementWire = Type.Object({
  at: instant(),
  by: authorWire,
  reason: nullable(Type.String()),
});

export const noteWire = Type.Object({
  id: Type.String(),
  at: instant(),
  by: authorWire,
  text: Type.String({ description: 'Perhaps several lines.' }),
});

export const toAcknowledgementWire = ({
  at,
  by,
  reason,
}: Acknowledgement): Static<typeof acknowledgementWire> => ({
  at: toInstant(at),
  by: { ...by },
  reason: reason ?? null,
});

export const toNoteWire = ({ id, at, by, text }: Note): Static<typeof noteWire> => ({
  id,
  at: toInstant(at),
  by: { ...by },
  text,
});
