import { clearLine, cursorTo } from 'node:readline';
import cliProgress from 'cli-progress';

const BAR_WIDTH = 24;

/** Whether a line can be drawn over, and somebody is there to see it. */
export function isAnimated(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && process.env.CI === undefined && process.env.TERM !== 'dumb';
}

/** One line of a terminal that is drawn over, whenever it is called, and only then. */
export function openBar(stream: NodeJS.WriteStream): {
  /** How much is done, from 0 to 1. */
  readonly draw: (share: number, text: string) => void;
  /** Leaves nothing behind on the screen. */
  readonly clear: () => void;
} {
  return {
    draw: (share, text) => {
      const bar = cliProgress.Format.BarFormat(share, {
        ...cliProgress.Presets.shades_classic,
        barsize: BAR_WIDTH,
        barCompleteString: '█'.repeat(BAR_WIDTH),
        barIncompleteString: '░'.repeat(BAR_WIDTH),
        barGlue: '',
      });
      const line = `${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${text}`;
      cursorTo(stream, 0);
      // A line that wraps could not be drawn over. Some terminals claim to have no columns.
      stream.write(line.slice(0, Math.max(20, (stream.columns || 80) - 1)));
      clearLine(stream, 1);
    },
    clear: () => {
      cursorTo(stream, 0);
      clearLine(stream, 0);
    },
  };
}
