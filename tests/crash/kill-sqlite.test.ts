import { describe } from 'vitest';
import { describeKills } from './describe-kills.ts';

describe('on SQLite', () => describeKills('sqlite'));
