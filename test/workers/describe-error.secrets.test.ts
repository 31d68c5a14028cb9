import { describe, expect, it } from 'vitest';
import { secretsIn, withoutSecrets } from '../../dist/workers/describe-error.js';

describe('secrets', () => {
  it('include variables with names of secrets and at least 8 characters, in each spelling', () => {
    const env = {
      API_KEY: 'a&b="c" d',
      my_secret: 'lower-case',
      PWD: '/home/somebody/work',
      GIT_AUTHOR_NAME: 'Ada Lovelace',
      AUTHORIZATION: 'Bearer abc',
      PIN_PASS: '1234567',
      HOME: '/home/somebody',
    };
    expect(new Set(secretsIn(env))).toEqual(
      new Set(['a&b="c" d', 'a&b=\\"c\\" d', 'a%26b%3D%22c%22%20d', 'lower-case', 'Bearer abc', 'Bearer%20abc']),
    );
    expect(secretsIn({ A_KEY: '12345678', B_KEY: '12345678901' })).toEqual(['12345678901', '12345678']);
    expect(secretsIn(null as unknown as NodeJS.ProcessEnv)).toEqual([]);
  });

  it.each([
    ['postgres://me@host/db', 'postgres://***@host/db'],
    ['"redis://:pw@host:6379"', '"redis://***@host:6379"'],
    ['https://host/@scope/pkg', 'https://host/@scope/pkg'],
    ['https://host?a=1&access_token=abcdefgh&b=2', 'https://host?a=1&access_token=***&b=2'],
    ['(https://host/?key=abcdefghij)', '(https://host/?key=***)'],
    ['https://host/?key=5', 'https://host/?key=5'],
    ['me@host.org: no URL', 'me@host.org: no URL'],
    ['postgres://u:p/ss#wd@db/x', 'postgres://***@db/x'],
    ['mysql://u:p@ss?w@10.0.0.5:3306/x and b@c.org', 'mysql://***@10.0.0.5:3306/x and b@c.org'],
    ['w[url=http://localhost:80/x]/event-loop@2', 'w[url=http://localhost:80/x]/event-loop@2'],
  ])('are removed from a URL: %s', (text, expected) => {
    expect(withoutSecrets(text, [])).toBe(expected);
  });

  it.each([
    ['no route to user:S3cretPw@host:5432', 'no route to user:***@host:5432'],
    ['user:p@ss@3com.net/x', 'user:***@3com.net/x'],
    ['w[at=10:30]/worker-threads@2x4', 'w[at=10:30]/worker-threads@2x4'],
    [String.raw`C:\repo\node_modules\@scope\x`, String.raw`C:\repo\node_modules\@scope\x`],
    ['password=hunter22, next', 'password=***, next'],
    ['{"dbPassword": "two words", "n": 1}', '{"dbPassword": ***, "n": 1}'],
    [String.raw`{\"passwd\":\"hunter22\"}`, String.raw`{\"passwd\":\***}`],
    ["API_KEY : 'abcd' x-api-key: abcd apikey=abcd", 'API_KEY : *** x-api-key: *** apikey=***'],
    ['secret = abcd; token:abcd pwd=abcd', 'secret = ***; token:*** pwd=***'],
    ['w[token=abcdef]/event-loop', 'w[token=***]/event-loop'],
    ['password: undefined, token=5, tokens=4096', 'password: undefined, token=5, tokens=4096'],
    ['Authorization: Basic dXNlcjpwdw==', 'Authorization: Basic ***'],
    ['{"authorization":"Bearer abc.def"}', '{"authorization":"Bearer ***"}'],
    ['sent Bearer eyJhbGciOiJIUzI1NiJ9.e30', 'sent Bearer ***'],
    ['a bearer of news', 'a bearer of news'],
  ])('are recognized by their shape, and nothing else is removed: %s', (text, expected) => {
    expect(withoutSecrets(text, [])).toBe(expected);
    expect(withoutSecrets(expected, [])).toBe(expected);
  });

  it('include variables with other names of secrets, and each long line of a value', () => {
    const names = ['GITHUB_PAT', 'SENTRY_DSN', 'COOKIE', 'MY_JWT', 'SLACK_WEBHOOK', 'CREDENTIALS', 'PAT_2'];
    expect(secretsIn(Object.fromEntries(names.map((name, index) => [name, `value-of-${index}`])))).toHaveLength(7);
    expect(secretsIn({ NODE_PATH: '/a/long/one', PATTERN: 'a-long-one', DISPATCH: 'a-long-one' })).toEqual([]);
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBg\n{short}\n';
    for (const A_KEY of [key, key.replaceAll('\n', '\r\n'), key.replaceAll('\n', String.raw`\n`)]) {
      const secrets = secretsIn({ A_KEY });
      expect(withoutSecrets('read MIIEvQIBADANBg and {short}', secrets)).toBe('read *** and {short}');
      expect(secrets).not.toContain('{short}');
    }
  });
});
