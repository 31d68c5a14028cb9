import { EXIT_CLAIM_FAILED, EXIT_STATUS, LanewiseError } from '../model/errors.ts';
import { resolveCurriculum, type Curriculum } from '../lessons/curriculum.ts';
import type { Lesson } from '../lessons/lesson.ts';
import { moduleText } from '../lessons/module-code.ts';
import { teach } from '../lessons/teach.ts';
import type { LessonsReport } from '../model/lessons.ts';
import { dressBlocks, dressTerminal } from '../report/dress/terminal.ts';
import { documentFormats, type FormatFile } from '../report/formats.ts';
import { renderLessonsJson } from '../report/lessons/json.ts';
import { lessonsDocument } from '../report/lessons/lessons-document.ts';
import { WORDS } from '../report/lessons/words.ts';
import type { ValuesOf } from '../options/table.ts';
import { openLessonsProgress } from './lessons-progress.ts';
import { lessonsFolder, openReportFolder } from './report-folder.ts';
import { paintFor } from '../report/dress/tones.ts';
import { Terminal } from './terminal.ts';

const FORMATS: Readonly<Record<string, readonly FormatFile<LessonsReport>[]>> = {
  ...documentFormats('lessons', (report: LessonsReport) => lessonsDocument(report, { isFull: true })),
  json: [{ file: 'lessons.json', mark: /^\{\s*"schema": "lanewise\/lessons@/, render: renderLessonsJson }],
};

/** Runs `lanewise lessons`: performs them and reports whether their claims hold. @returns the exit status */
export async function runLessons(values: ValuesOf<'lessons'>): Promise<number> {
  const { json = false, quiet = false } = values;
  const curriculum = resolveCurriculum(values);
  if (values.list === true) return show(listing(curriculum, values));
  if (values.code === true) return show(await moduleText(oneOf(curriculum, '--code')));
  if (curriculum.from !== undefined) oneOf(curriculum, '--from');
  const options = lessonsFolder(values, FORMATS);
  const words = WORDS[curriculum.language];
  const terminal = new Terminal(values, words.stopping);
  const progress = openLessonsProgress(process.stderr, quiet, words);
  try {
    await terminal.lock();
    const folder = options && openReportFolder(options);
    terminal.begin();
    const report = await teach(curriculum, { signal: terminal.signal, began: progress.began });
    progress.stop();
    show(
      json
        ? renderLessonsJson(report)
        : dressTerminal(
            lessonsDocument(report, { isFull: values.lessons !== undefined }),
            paintFor(values, process.stdout),
          ),
    );
    const files = (await folder?.write(report)) ?? [];
    if (files.length > 0) terminal.note(`${words.written}: ${files.join(', ')}`);
    return statusOf(report);
  } finally {
    progress.stop();
    await terminal.close();
  }
}

function statusOf({ complete, lessons }: LessonsReport): number {
  if (!complete) return EXIT_STATUS.interrupted;
  return lessons.flatMap((lesson) => lesson.configurations).every(({ pass }) => pass) ? 0 : EXIT_CLAIM_FAILED;
}

function show(text: string): number {
  process.stdout.write(text);
  return 0;
}

/** The one lesson that was asked for. @throws LanewiseError unless it is exactly one */
function oneOf({ lessons }: Curriculum, flag: string): Lesson {
  const [lesson, ...others] = lessons;
  if (lesson !== undefined && others.length === 0) return lesson;
  throw new LanewiseError('usage', `${flag} needs one lesson, for example: lanewise lessons gather-many ${flag}`);
}

function listing({ lessons, language }: Curriculum, values: ValuesOf<'lessons'>): string {
  const shown = lessons.map(({ id, origin, title }) => ({ id, origin: origin[language], title: title[language] }));
  if (values.json === true) return `${JSON.stringify({ lang: language, lessons: shown }, undefined, 2)}\n`;
  const facts = shown.map(({ id, origin, title }) => [id, `${title} (${origin})`] as const);
  return `${dressBlocks([{ kind: 'facts', facts }], paintFor(values, process.stdout))}\n`;
}
