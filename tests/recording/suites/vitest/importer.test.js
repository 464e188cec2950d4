import { it } from 'vitest';
import { importAll } from './importer.js';

it('imports everything', () => importAll());
