// A Socket.IO server that acknowledges what it is told, and says which transport the client is on.
const { createServer } = require('http');
const { Server } = require('socket.io');

const http = createServer();
const io = new Server(http);

io.on('connection', (socket) => {
  socket.on('echo', (text, acknowledge) => acknowledge(`echo of ${text}`));
  socket.on('server', (acknowledge) => acknowledge(http.address().port));
  socket.on('transport', (acknowledge) => acknowledge(socket.conn.transport.name));
});

http.listen(0, '127.0.0.1', () => console.log(`listening on ${http.address().port}`));
