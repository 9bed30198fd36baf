import { Type, type Static } from 'typebox';
import { oneOf } from '../../kernel/schema.ts';
import { severityTable } from '../severity-table.ts';
import { severityScales } from '../severity-words.ts';

const text = Type.String({ minLength: 1, maxLength: 256 });

/** Where a field comes from: a JSON Pointer into the record, a fixed text, or a list of them. */
const place = (description: string, example = '/name') =>
  Type.Optional(
    Type.Union([text, Type.Array(text, { minItems: 1, maxItems: 10 })], {
      description,
      expected: 'a JSON Pointer such as /rule/name, a fixed text, or a list of them',
      examples: [example],
    }),
  );

const subject = Type.Object(
  {
    kind: place('What kind of thing it is: host, application, user …', 'host'),
    id: place('What names it.', '/host/id'),
    name: place('How people call it.', '/host/name'),
  },
  { additionalProperties: false, description: 'Whom or what the event is about.' },
);

const observables = Type.Object(
  {
    ip: place('Addresses. All the places count, and a list has all its entries read.', '/source/ip'),
    user: place('Users.', '/user/name'),
    url: place('URLs.', '/request/url'),
    host: place('Hosts.', '/host/name'),
  },
  { additionalProperties: false, description: 'What was seen and can be searched for elsewhere.' },
);

const side = (description: string, name: string) =>
  Type.Optional(
    Type.Object(
      {
        address: place(
          'Addresses. All the places count, and a list has all its entries read.',
          `/${name}/ip`,
        ),
        country: place(
          'Its country, in two or three letters (ISO 3166-1): believed over what the addresses say.',
          `/${name}/country`,
        ),
      },
      { additionalProperties: false, description },
    ),
  );

const endpoints = Type.Object(
  {
    source: side('Where it came from.', 'client'),
    destination: side('Where it went.', 'server'),
  },
  { additionalProperties: false, description: 'The two sides, by which an event has its countries.' },
);

const map = Type.Object(
  {
    type: place('The type of the event; brought into lower case and dots.', '/event/type'),
    title: place('The title.', '/message'),
    severity: place('How severe it is: a word, or with `scale` a number.', '/severity'),
    occurredAt: place('When it happened: RFC 3339, or Unix time in any unit.', '/time'),
    subject: Type.Optional(subject),
    link: place("A link to the sender's own page on it.", '/url'),
    id: place("The sender's id of this notification, equal when it is sent again.", '/id'),
    matter: place('What names the matter it is about, equal for all that is told of it.', '/incident/id'),
    state: place('How the matter stands now; `resolved` says which words mean that it ended.', '/status'),
    labels: Type.Optional(
      Type.Record(Type.String({ minLength: 1, maxLength: 60 }), place('The value of a label.', '/team'), {
        maxProperties: 40,
        description: 'Labels, by name. Absent: the plain members of the record.',
        examples: [{ team: '/owner/team' }],
      }),
    ),
    observables: Type.Optional(observables),
    endpoints: Type.Optional(endpoints),
  },
  {
    additionalProperties: false,
    description:
      'Where the fields of an event come from. What begins with `/` is a JSON Pointer (RFC 6901) into the record, anything else a fixed text; of a list the first that is there counts. Absent fields are looked for under their common names.',
  },
);

export const jsonSettings = Type.Object({
  items: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 256,
      description:
        'A JSON Pointer to the array of records in the body. Absent: the body is one record, an array of them, or one a line.',
      examples: ['/findings'],
    }),
  ),
  map: Type.Optional(map),
  severities: Type.Optional(severityTable),
  scale: Type.Optional(
    oneOf(severityScales, {
      description:
        'What a number means as a severity: `ocsf` 1 to 6, `syslog` 7 to 0, `cvss` 0 to 10, `percent` 0 to 100, `priority` 5 to 1. Absent: a number says nothing, but for `priority` and `severity_id`.',
    }),
  ),
  resolved: Type.Optional(
    Type.Array(text, {
      minItems: 1,
      maxItems: 50,
      description:
        'The words at `map.state` that mean that the matter ended; any other means that it is open. Absent: resolved, closed, fixed, ok and the like.',
      examples: [['closed', 'false positive']],
    }),
  ),
});
export type JsonSettings = Static<typeof jsonSettings>;
export type Place = string | readonly string[] | undefined;
