import { get, type Agent } from 'node:http';

/** Gets `url` and reads the whole body. @throws Error for any status but 200 */
export function getBody(url: string, agent: Agent): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks));
        else reject(new Error(`GET ${url} was answered with status ${response.statusCode}`));
      });
    });
    request.on('error', reject);
  });
}
