// Connects by polling, upgrades to a WebSocket, and says which transport it was on. Argument: the URL.
const { io } = require('socket.io-client');

const socket = io(process.argv[2], { reconnection: false, timeout: 10000 });

function fail(why) {
  console.error(why);
  process.exit(1);
}

const giveUp = setTimeout(() => fail('no upgrade within 20 s'), 20000);

socket.on('connect_error', (error) => fail(`cannot connect: ${error.message}`));
socket.on('disconnect', (reason) => fail(`disconnected: ${reason}`));

const connected = new Promise((resolve) => socket.on('connect', resolve));
const upgraded = new Promise((resolve) => {
  socket.io.on('open', () => {
    console.log(`opened by ${socket.io.engine.transport.name}`);
    socket.io.engine.on('upgrade', (transport) => resolve(transport.name));
  });
});

async function talk() {
  await connected;
  console.log(await socket.emitWithAck('echo', 'first'));
  console.log(`upgraded to ${await upgraded}`);
  console.log(await socket.emitWithAck('echo', 'second'));
  console.log(`server is on ${await socket.emitWithAck('transport')}`);
  clearTimeout(giveUp);
  socket.off('disconnect');
  socket.disconnect();
}

talk().catch((error) => fail(error.message));
