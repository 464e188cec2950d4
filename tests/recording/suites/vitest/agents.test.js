import axios from 'axios';
import { describe, expect, it } from 'vitest';
import WebSocket from 'ws';

const env = process.env;
const headers = { Authorization: `Bearer ${env.STAGING_TOKEN}` };
const get = async (url, more = {}) => (await axios.get(url, { headers, ...more })).data;

function chat(question) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(env.STAGING_WS, { headers });
    socket.on('open', () => socket.send(JSON.stringify({ type: 'user_message', content: question })));
    socket.on('close', (code, reason) => reject(new Error(`WebSocket closed with code ${code} (${reason})`)));
    socket.on('error', reject);
  });
}

describe('agents', () => {
  it('are three', () => expect(['triage', 'pricing', 'report']).toHaveLength(3));
  it('chat answers a question', () => chat('What do I pay?'));
  it('quotes are priced', () => get(`${env.STAGING_API}/api/quotes`));
  it('report service is up', () => get(`${env.STAGING_DOWN}/health`));
  it('deep report is ready in time', () => get(`${env.STAGING_SITE}/slow`), 1000);
  it('deep report is fetched in time', () => get(`${env.STAGING_SITE}/slow`, { timeout: 500 }));
  it('basket holds the plan', async () => {
    const basket = await get(`${env.STAGING_SITE}/basket.json`);
    expect(basket.plan.name).toBe('small');
  });
  it('saving adds up', async () => {
    expect(await get(`${env.STAGING_SITE}/basket.json`)).toEqual({ items: [], total: 42 });
  });
  it('partner resolves', () => get(`${env.STAGING_PARTNER}/`));
  it('certificate is trusted', () => get(`${env.STAGING_TLS}/`));
  it('says why it fails', () => {
    throw 'quota exceeded';
  });
  it('shows the total', async () => {
    expect((await get(`${env.STAGING_SITE}/basket.json`)).items).toHaveLength(1);
  });
});
