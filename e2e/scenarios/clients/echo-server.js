// The classic example: answers every message with "Server received from client: ...".
const { WebSocketServer } = require('ws');

const server = new WebSocketServer({ host: '127.0.0.1', port: 0 }, () => {
  console.log(`listening on ${server.address().port}`);
});

server.on('connection', (socket) => {
  socket.on('message', (message) => {
    console.log(`received ${message}`);
    socket.send(`Server received from client: ${message}`);
  });
});
