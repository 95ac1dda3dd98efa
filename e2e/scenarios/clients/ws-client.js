// Node's ws: negotiates compression, exchanges messages of several sizes and pings, and closes or is closed. Prints what
// websockets-client.py prints. Argument: the URL.
const { randomBytes } = require('crypto');
const { once } = require('events');
const WebSocket = require('ws');

const url = process.argv[2];

async function open() {
  const socket = new WebSocket(url, ['chat.v2', 'chat.v1']);
  await once(socket, 'open');
  return socket;
}

async function answer(socket, message) {
  socket.send(message);
  const [data, isBinary] = await once(socket, 'message');
  return isBinary ? data : data.toString();
}

async function closed(socket) {
  const [code, reason] = await once(socket, 'close');
  console.log(`closed ${code} ${reason}`);
}

async function talk() {
  const socket = await open();
  console.log(`subprotocol ${socket.protocol}`);
  console.log(`extensions ${socket.extensions}`);
  for (const size of [1, 64 << 10, 1 << 20]) {
    const text = 't'.repeat(size);
    console.log(`text of ${size}: ${(await answer(socket, text)) === text ? 'True' : 'False'}`);
    const bytes = randomBytes(size);
    console.log(`binary of ${size}: ${bytes.equals(await answer(socket, bytes)) ? 'True' : 'False'}`);
  }
  socket.ping('are you there');
  const [pong] = await once(socket, 'pong');
  console.log(pong.toString() === 'are you there' ? 'pong' : `pong of ${pong}`);
  socket.close(1000, 'bye');
  await closed(socket);
}

async function beClosed() {
  const socket = await open();
  socket.send('close 4001 enough');
  await closed(socket);
}

const giveUp = setTimeout(() => fail('not done within 50 s'), 50000);

function fail(why) {
  console.error(why);
  process.exit(1);
}

talk()
  .then(beClosed)
  .then(() => clearTimeout(giveUp))
  .catch((error) => fail(error.message));
