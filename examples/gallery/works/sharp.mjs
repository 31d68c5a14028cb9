import sharp from 'sharp';

const WIDTH = 800;
const HEIGHT = 600;

/** A photo of 800 × 600 pixels with shapes and grain. */
const PHOTO = await sharp(pixels(), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
  .jpeg()
  .toBuffer();

function pixels() {
  const bytes = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let at = 0; at < bytes.length; at += 3) {
    const x = (at / 3) % WIDTH;
    const y = Math.floor(at / 3 / WIDTH);
    const grain = (x * 31 + y * 17) % 23;
    bytes[at] = 120 + 90 * Math.sin(x / 40) + grain;
    bytes[at + 1] = 120 + 90 * Math.sin(y / 30) + grain;
    bytes[at + 2] = 120 + 90 * Math.sin((x + y) / 60) + grain;
  }
  return bytes;
}

export default {
  name: 'sharp',
  bound: 'cpu',
  description: 'make a thumbnail of a JPEG of 800 × 600 pixels with sharp',
  // Threads of libvips for one image; images beside each other also need libuv’s threads.
  params: { threads: 1 },
  setup: ({ params }) => sharp.concurrency(params.threads),
  input: () => new Uint8Array(PHOTO),
  task: async (photo) => new Uint8Array(await sharp(photo).resize({ width: 320 }).jpeg().toBuffer()),
  transfer: (photo) => [photo.buffer],
};
