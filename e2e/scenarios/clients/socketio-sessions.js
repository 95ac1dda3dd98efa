// Many Socket.IO clients that begin with polling, a connection each request, as far as they can be told apart: by a
// cookie that they keep, or by the user in their URL. Says for each which server it was on.
// Arguments: the URL, "cookie" or "user", how many.
const { io } = require('socket.io-client');

const [url, by, count] = process.argv.slice(2);
const giveUp = setTimeout(() => fail('not done within 40 s'), 40000);

function fail(why) {
  console.error(why);
  process.exit(1);
}

async function session(user) {
  const socket = io(url, {
    forceNew: true,
    reconnection: false,
    timeout: 20000,
    withCredentials: by === 'cookie',
    query: by === 'user' ? { user: `user-${user}` } : {},
  });
  socket.on('connect_error', (error) => fail(`client ${user} cannot connect: ${error.message}`));
  socket.on('disconnect', (reason) => fail(`client ${user} was disconnected: ${reason}`));
  const upgraded = new Promise((resolve) => {
    socket.io.on('open', () => {
      if (socket.io.engine.transport.name !== 'polling') fail('it did not begin with polling');
      socket.io.engine.on('upgrade', resolve);
    });
  });
  await new Promise((resolve) => socket.on('connect', resolve));
  const byPolling = await socket.emitWithAck('server');
  await upgraded;
  const byWebSocket = await socket.emitWithAck('server');
  if (byPolling !== byWebSocket) fail(`client ${user} was on ${byPolling}, then on ${byWebSocket}`);
  socket.off('disconnect');
  socket.disconnect();
  return byWebSocket;
}

async function all() {
  for (let user = 0; user < Number(count); user++) {
    console.log(`on ${await session(user)}`);
  }
  clearTimeout(giveUp);
}

all().catch((error) => fail(error.message));
