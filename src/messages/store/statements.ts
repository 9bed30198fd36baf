import { insertStatement, type Statement, unnest } from '../../storage/statement.ts';

const plainPut = insertStatement('messages.put', 'messages', {
  id: 'text',
  kind: 'text',
  reads_max: 'integer',
  reads_left: 'integer',
  created_at: 'bigint',
  expires_at: 'bigint',
  bytes: 'integer',
  maker_id: 'text',
  maker_name: 'text',
  claim_hash: 'text',
  delete_hash: 'text',
  content: 'text',
});

/** One whose id is there is left as it is, also when it is past its end: its maker is still to be told of that. */
const put: Statement = {
  ...plainPut,
  sqlite: `${plainPut.sqlite} ON CONFLICT (id) DO NOTHING`,
  postgres: `${plainPut.postgres} ON CONFLICT (id) DO NOTHING RETURNING id AS key`,
};

/** Counts a read that is not the last, if as many are left as its reader has seen. */
const countRead: Statement = {
  name: 'messages.countRead',
  columns: ['text', 'integer', 'bigint'],
  sqlite: `UPDATE messages SET reads_left = ?2 - 1
    WHERE id = ?1 AND reads_left = ?2 AND expires_at > ?3`,
  postgres: `UPDATE messages SET reads_left = r.reads_left - 1
    FROM ${unnest({ id: 'text', reads_left: 'integer', now: 'bigint' }, 'r')}
    WHERE messages.id = r.id AND messages.reads_left = r.reads_left AND messages.expires_at > r.now
    RETURNING messages.id AS key`,
};

/** A delete as a guard: of many who ask at once one hears that it was its own. */
const deletion = (name: string, condition: (now: string) => string): Statement => ({
  name,
  columns: ['text', 'bigint'],
  sqlite: `DELETE FROM messages WHERE id = ?1 AND ${condition('?2')}`,
  postgres: `DELETE FROM messages USING ${unnest({ id: 'text', now: 'bigint' }, 'r')}
    WHERE messages.id = r.id AND ${condition('r.now')} RETURNING messages.id AS key`,
});

export const messageStatements = {
  put,
  countRead,
  /** The last read. */
  burn: deletion('messages.burn', (now) => `reads_left = 1 AND expires_at > ${now}`),
  remove: deletion('messages.remove', (now) => `expires_at > ${now}`),
  expire: deletion('messages.expire', (now) => `expires_at <= ${now}`),
} as const;
