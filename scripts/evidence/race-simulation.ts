/**
 * How often are the conclusions of whole runs wrong, and what do they find? Simulated times whose truth is known,
 * concluded by the project's own code.
 *
 *   npm run evidence:race -- [--runs 400] [--seed 1] [--presets quick,standard,rigorous] [--no-race]
 *                         [--versus] [--until-decided] [--write]
 *
 * `rigorous`, which takes long, and the effects to find are simulated a quarter as often. `--no-race` measures every
 * configuration in every block, `--versus` compares two equal versions of each, `--until-decided` looks up to three
 * times. `--write` puts the table into docs/method.md. The exit status is 1 if wrong claims or
 * wrong drops are shown to be more than 5%.
 */
import { fileURLToPath } from 'node:url';
import { markdownTable } from 'markdown-table';
import { LEVEL, PRESETS, type PresetName } from '../../src/model/evidence.ts';
import { madeBy } from '../docs/made-by.ts';
import { writeDocs } from '../docs/write-docs.ts';
import { rateOf, rateText, type Rate } from './exact-limits.ts';
import { PROFILES, seedFrom, uniformOf, withOneFaster, type Profile, type Uniform } from './simulated-machine.ts';
import { simulateRun, type Manner, type Outcome } from './simulate-run.ts';
import { scriptOptions } from '../script-options.ts';

/** A choice this much slower than the fastest counts as a bad one; a fraction. */
const WORST = 0.05;
/** Effects to find. */
const EFFECTS = [0.05, 0.1] as const;

/** Share of the runs where more would take too long. */
const LESS = 1 / 4;

/** Rates of one profile. */
export interface Rates extends Manner {
  readonly profile: string;
  readonly wrongClaims: Rate;
  readonly misses: Rate;
  readonly wrongDrops: Rate;
  readonly badChoices: Rate;
  /** Rate at which each effect was found; empty for two versions, which are equal. */
  readonly found: readonly Rate[];
}

/**
 * Simulates a number of runs of a profile, and a quarter as many with each effect.
 *
 * @param seeds source of a seed for each field, so that no two fields are lucky together
 */
export function ratesOf(profile: Profile, manner: Manner, runs: number, seeds: Uniform): Rates {
  const simulated = (one: Profile, length: number): readonly Outcome[] => {
    const uniform = uniformOf(seedFrom(seeds));
    return Array.from({ length }, () => simulateRun(one, manner, uniform));
  };
  const outcomes = simulated(profile, runs);
  return {
    ...manner,
    profile: profile.name,
    wrongClaims: rate(outcomes, ({ hasWrongClaim }) => hasWrongClaim),
    misses: rate(outcomes, ({ hasMiss }) => hasMiss),
    wrongDrops: rate(outcomes, ({ hasWrongDrop }) => hasWrongDrop),
    badChoices: rate(outcomes, ({ regret }) => regret > WORST),
    found: effectsOf(manner).map((effect) =>
      rate(simulated(withOneFaster(profile, effect), Math.ceil(runs * LESS)), ({ foundFastest }) => foundFastest),
    ),
  };
}

/** Versions are compared with each other, so there is no choice among them, and none is faster. */
function effectsOf({ isVersus = false }: Pick<Manner, 'isVersus'>): readonly number[] {
  return isVersus ? [] : EFFECTS;
}

function rate(outcomes: readonly Outcome[], isCounted: (outcome: Outcome) => boolean): Rate {
  return rateOf(outcomes.filter(isCounted).length, outcomes.length);
}

/** True if the rates contradict the level. */
export function isBroken({ wrongClaims, wrongDrops }: Rates): boolean {
  return [wrongClaims, wrongDrops].some(({ lo }) => lo > LEVEL);
}

export function tabulateRates(all: readonly Rates[]): string {
  const isVersus = all.some((rates) => rates.isVersus === true);
  const effects = effectsOf({ isVersus });
  return markdownTable(
    [
      [
        'simulated work',
        'preset',
        'a wrong claim',
        'a CI misses',
        'a wrong drop',
        ...(isVersus ? [] : [`choice over ${WORST * 100}% slower`]),
        ...effects.map((effect) => `${effect * 100}% found`),
      ],
      ...all.map(({ profile, preset, wrongClaims, misses, wrongDrops, badChoices, found }) => [
        profile,
        preset,
        ...[wrongClaims, misses, wrongDrops, ...(isVersus ? [] : [badChoices]), ...found].map(rateText),
      ]),
    ],
    { align: ['l', 'l', ...Array.from({ length: (isVersus ? 3 : 4) + effects.length }, () => 'r')] },
  );
}

/** @throws Error for a name that is no preset */
function presetsIn(names: string): readonly PresetName[] {
  const known = Object.keys(PRESETS) as PresetName[];
  return names.split(',').map((name) => {
    const preset = known.find((one) => one === name);
    if (preset === undefined) throw new Error(`Invalid --presets "${name}": use ${known.join(', ')}.`);
    return preset;
  });
}

function main(): void {
  const values = scriptOptions({
    runs: 400,
    seed: 1,
    presets: Object.keys(PRESETS).join(','),
    'no-race': false,
    versus: false,
    'until-decided': false,
    write: false,
  });
  const manner = {
    isRace: !values['no-race'],
    isVersus: values.versus,
    untilDecided: values['until-decided'],
  };
  const flags = (['no-race', 'versus', 'until-decided'] as const).filter((flag) => values[flag]);
  const { runs, seed } = values;
  const seeds = uniformOf(seed);
  const all = PROFILES.flatMap((profile) =>
    presetsIn(values.presets).map((preset) =>
      ratesOf(profile, { preset, ...manner }, preset === 'rigorous' ? Math.ceil(runs * LESS) : runs, seeds),
    ),
  );
  const command = `npm run evidence:race -- --runs ${runs} --seed ${seed} --presets ${values.presets}${flags.map((flag) => ` --${flag}`).join('')}`;
  const text = `${tabulateRates(all)}\n\n${runs} runs each, a quarter of that for \`rigorous\` and for the effects to find; in brackets 95% limits (Clopper–Pearson). ${madeBy(command)}`;
  process.stdout.write(`${text}\n`);
  if (values.write) writeDocs('method.md', flags.length === 0 ? 'race' : flags.join('-'), text);
  if (all.some(isBroken)) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
