import { Type } from 'typebox';
import { periodQuery, toPeriod } from '../../kernel/period.ts';
import { idText, oneOf } from '../../kernel/schema.ts';
import { priorities, type Priority } from '../incident.ts';
import type { IncidentFilter } from '../store/port.ts';

/** Text without control characters: a store refuses some of them, and no record is found by one. */
const plainText = (lengthMax: number, description: string) =>
  Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: lengthMax,
      pattern: String.raw`^[^\u0000-\u001f\u007f]*$`,
      description,
    }),
  );

export const EMPLOYEE_PATTERN = '^[0-9]{1,20}$';

/** Filters by what an incident is. */
export const traitQuery = {
  feed: Type.Optional(idText("The feed's id.")),
  type: plainText(100, 'As the feed calls it: `denial`.'),
  priority: Type.Optional(oneOf(priorities, { description: 'Exactly this.' })),
  employee: Type.Optional(Type.String({ pattern: EMPLOYEE_PATTERN, description: 'Decimal digits.' })),
};

/** Every filter of incidents; all that is given must hold. */
export const filterQuery = {
  ...traitQuery,
  ...periodQuery,
  priorityMin: Type.Optional(oneOf(priorities, { description: 'At least this.' })),
  address: plainText(256, 'The one looked up, or that of the other side.'),
  text: plainText(256, 'Occurs in the record as it came, whatever the case.'),
  listed: Type.Optional(Type.Boolean({ description: 'The feed lists it now, or does not any more.' })),
  attributed: Type.Optional(Type.Boolean({ description: 'Has an employee, or has none.' })),
};

/** The filters of a query, as their schemas have checked them. */
export interface TypedFilter {
  readonly feed?: string;
  readonly type?: string;
  readonly priority?: Priority;
  readonly priorityMin?: Priority;
  readonly employee?: string;
  readonly address?: string;
  readonly text?: string;
  readonly since?: string;
  readonly until?: string;
  readonly listed?: boolean;
  readonly attributed?: boolean;
}

export const toFilter = ({ since, until, ...same }: TypedFilter): IncidentFilter => ({
  ...same,
  ...toPeriod({ since, until }),
});
