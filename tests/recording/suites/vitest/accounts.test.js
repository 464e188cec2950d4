import axios from 'axios';
import { describe, expect, it } from 'vitest';

const env = process.env;
const headers = { Authorization: `Bearer ${env.STAGING_TOKEN}` };
const get = async url => (await axios.get(url, { headers })).data;
let refreshes = 0;

describe('accounts', () => {
  it('signs in', async () => {
    expect(await get(`${env.STAGING_API}/api/me`)).toEqual({ user: 'ada' });
  });
  it('is healthy', async () => {
    expect((await get(`${env.STAGING_API}/health`)).status).toBe('ok');
  });
  it('session is refreshed', { retry: 1 }, () => {
    refreshes += 1;
    expect(refreshes).toBe(2);
  });
  it.skip('exports as PDF', () => {});
  it.todo('exports as CSV');
  it('shows the total', async () => {
    expect((await get(`${env.STAGING_SITE}/basket.json`)).total).toBe(41);
  });
});
