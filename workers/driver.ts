/** The driver: sends the requests of a load measurement from a process of its own, so that no server can slow it down. */
import { onParentMessage, sendToParent } from './parent.ts';
import type { DriverReply, DriverRequest } from '../src/drive/drive-protocol.ts';
import { driverOf } from '../src/drive/driver.ts';

const answer = driverOf();
onParentMessage((message) => void answer(message as DriverRequest).then(send));
send({ kind: 'booted' });

function send(reply: DriverReply): void {
  sendToParent(reply);
}
