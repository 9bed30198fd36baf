import { Type } from 'typebox';

/** As the original service wrote them. */
export const countryListWire = Type.Array(
  Type.Object({ isoCode: Type.String({ description: 'ISO 3166-1 alpha-2.' }), name: Type.String() }),
);

export const countriesWire = Type.Object({
  items: Type.Array(
    Type.Object({
      isoCode: Type.String({ description: 'ISO 3166-1 alpha-2.' }),
      alpha3: Type.String({ description: 'ISO 3166-1 alpha-3.' }),
      name: Type.String({ description: 'In the language of the answer.' }),
      source: Type.Boolean({ description: 'Whether events may come from there.' }),
      destination: Type.Boolean({ description: 'Whether events may go there.' }),
    }),
  ),
});
