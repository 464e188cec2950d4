const WebSocket = require('ws');
const env = process.env;
const headers = { Authorization: `Bearer ${env.STAGING_TOKEN}` };

async function get(url, signal) {
  const response = await fetch(url, { headers, signal });
  if (!response.ok) throw new Error(`GET ${new URL(url).pathname} answered HTTP ${response.status} ${response.statusText}`);
  return response.json();
}

function chat(question) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(env.STAGING_WS, { headers });
    socket.on('open', () => socket.send(JSON.stringify({ type: 'user_message', content: question })));
    socket.on('message', data => String(data).includes('agent_completed') && resolve(String(data)));
    socket.on('close', (code, reason) => reject(new Error(`WebSocket closed with code ${code} (${reason})`)));
    socket.on('error', reject);
  });
}

module.exports = { chat, env, get };
