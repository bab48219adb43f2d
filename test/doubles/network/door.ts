import { connect, createServer } from 'node:net'

/*
 * node door.ts <socket file> <port>: joins a socket file, which every namespace sees, to a port of the loopback interface of
 * the namespace it runs in.
 */

const [file = '', port = '0'] = process.argv.slice(2)

const server = createServer((outside) => {
  const inside = connect(Number(port), '127.0.0.1')
  outside.pipe(inside).pipe(outside)
  for (const [one, other] of [
    [outside, inside],
    [inside, outside],
  ] as const) {
    one.on('error', () => other.destroy())
    one.on('close', () => other.destroy())
  }
})

server.listen(file, () => process.stdout.write('ready\n'))
