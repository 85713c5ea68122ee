import { connect, type Socket } from 'node:net';

/** A connection of one's own, for what no HTTP client would send. */
export type Connection = {
  readonly socket: Socket;
  /** All that came, once the other side has closed the connection or it broke. */
  readonly received: Promise<string>;
};

export async function openConnection(url: string): Promise<Connection> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.setEncoding('latin1').on('data', (part: string) => {
    text += part;
  });
  const received = new Promise<string>((resolve) => socket.once('close', () => resolve(text)));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => {}); // a broken connection has received what it has
  return { socket, received };
}

/** The status of each answer in what a connection received, in order. */
export function statusesOf(received: string): number[] {
  return [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}
