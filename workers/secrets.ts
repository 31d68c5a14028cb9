/** Secrets of this process, in variables and by their shape, which no message and no report may show. */
/** Names of variables that hold secrets; AUTHOR and PATH must not match. */
const SECRET_NAME =
  /TOKEN|SECRET|KEY|PASS|PWD|CREDENTIAL|AUTH(?!OR(?!I))|DSN|COOKIE|JWT|WEBHOOK|(?<![A-Za-z])PAT(?![A-Za-z])/i;
/** Folders, whose names match all the same. */
const NO_SECRETS: ReadonlySet<string> = new Set(['PWD', 'OLDPWD']);
/** A shorter value may be an ordinary word. */
const SHORTEST_SECRET = 8;
/** For the lines of a long secret, such as a private key: a shorter line may be an ordinary word. */
const SHORTEST_LINE = 12;
const CUT = '***';

/** Values of variables with the name of a secret, longest first, in every spelling in which a text may contain them. */
export function secretsIn(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    const values = Object.keys(env)
      .filter((name) => SECRET_NAME.test(name) && !NO_SECRETS.has(name))
      .map((name) => String(env[name]))
      .filter(({ length }) => length >= SHORTEST_SECRET);
    return longestFirst([...values, ...values.flatMap(linesOf)].flatMap(spellings));
  } catch {
    // A workload may have replaced `process.env` with anything.
    return [];
  }
}

/** The lines of a secret, if it has several: a message may quote one. In variables, `\n` is often written out. */
function linesOf(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n|\\n/);
  return lines.length === 1 ? [] : lines.map((line) => line.trim()).filter(({ length }) => length >= SHORTEST_LINE);
}

function spellings(secret: string): readonly string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret.replaceAll(/\p{Cs}/gu, ''))];
}

function longestFirst(secrets: readonly string[]): readonly string[] {
  return [...new Set(secrets)].toSorted((a, b) => b.length - a.length);
}

/** A workload may delete a variable once it has read it. */
const ENV_AT_START = { ...process.env };
/** Found for the first error: most processes have none, and a start should cost little. */
let foundAtStart: readonly string[] | undefined;

/** The secrets of this process, both at its start and now. */
export function secretsHere(): readonly string[] {
  const atStart = (foundAtStart ??= secretsIn(ENV_AT_START));
  const now = secretsIn(process.env);
  const known = new Set(atStart);
  return now.every((secret) => known.has(secret)) ? atStart : longestFirst([...atStart, ...now]);
}

/**
 * Removes the given secrets, and everything with the shape of one: user and password before a host, parameters of URLs
 * and settings with the name of a secret, and credentials of requests.
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .reduce((shown, secret) => shown.replaceAll(secret, CUT), text)
    .replaceAll(WORD, withoutUserOfUrl)
    .replaceAll(PART_OF_PATH, withoutLogin)
    .replaceAll(PARAM_OF_URL, (param, name: string) => (SECRET_NAME.test(name) ? `${name}${CUT}` : param))
    .replaceAll(AUTHORIZATION, `$1${CUT}`)
    .replaceAll(SETTING, `$1${CUT}`);
}

/** A URL contains no blanks and no quotes. */
const WORD = /[^\s"'`]+/g;

/**
 * Up to the last `@`, since a password may contain any character, whether a URL allows it or not. A URL without a colon
 * before its path has no password.
 */
function withoutUserOfUrl(word: string): string {
  const host = lastHost(word);
  const start = host === -1 ? -1 : word.search(URL_WITH_USER);
  return start === -1 || host < start ? word : `${word.slice(0, start)}://${CUT}${word.slice(host)}`;
}

const URL_WITH_USER = /:\/\/[^/?#:@]*[:@]/;
const PART_OF_PATH = /[^\s"'`/\\]+/g;

/** Removes the password of `user:password@host` without a scheme. */
function withoutLogin(part: string): string {
  const host = lastHost(part);
  const colon = host === -1 ? -1 : part.slice(0, host).search(LOGIN);
  return colon === -1 ? part : `${part.slice(0, colon)}:${CUT}${part.slice(host)}`;
}

const LOGIN = /(?<=[\w.+%~-]):./;

/** Position of the last `@` before a host, or -1. An id such as `event-loop@2x4` has a number after it. */
function lastHost(word: string): number {
  let at = word.lastIndexOf('@');
  while (at > 0 && !HOST.test(word.slice(at + 1, at + LONGEST_LABEL + 2))) at = word.lastIndexOf('@', at - 1);
  return at > 0 ? at : -1;
}

const HOST = /^(?:[^\d@]|\d[\w-]*\.\w)/;
/** Most characters of a host name up to its first dot. */
const LONGEST_LABEL = 63;

const PARAM_OF_URL = /([?&][^\s=?&#]*=)[^\s&#"'`()<>]{8,}/g;
const AUTHORIZATION =
  /(authorization\\*["'`]?\s*[=:]\s*\\*["'`]?(?:(?:bearer|basic|digest|token|negotiate)\s+)?|\bbearer\s+(?=[\w.~+/=-]{16}))[^\s"'`,;\\]+/gi;
/** Ends where a list or an id may continue, since ids of cells contain params. Values under four characters stay. */
const SETTING =
  /((?:password|passwd|passphrase|pwd|secret|token|(?:api|access|secret|private|auth)[_-]?key)\\*["'`]?\s*[=:]\s*\\*)(?!\\|(?:undefined|null|true|false)\b)(?:"[^"\n]{4,}"|'[^'\n]{4,}'|`[^`\n]{4,}`|[^\s"'`,;&()[\]{}<>]{4,})/gi;
