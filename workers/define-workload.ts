import type { InputContext, Params, SetupContext, TaskContext, Transferable, WorkloadDefinition } from './contract.ts';

/** The type of values that a default like this one can be replaced by. */
type Like<Value> = Value extends string
  ? string
  : Value extends number
    ? number
    : Value extends boolean
      ? boolean
      : Value extends object
        ? { readonly [Key in keyof Value]: Like<Value[Key]> }
        : Value;

/** How the functions of a workload fit together: what one returns is what another one takes. */
interface Fitting<Given extends Params, Input, State, Output> {
  readonly params?: Given;
  input?(context: InputContext<Like<Given>>): Input | PromiseLike<Input>;
  setup?(context: SetupContext<Like<Given>>): State | PromiseLike<State>;
  task(input: Input, context: TaskContext<Like<Given>, State>): Output | PromiseLike<Output>;
  digest?(output: Output): unknown;
  transfer?(input: Input): readonly Transferable[];
  teardown?(state: State): unknown;
}

/**
 * Returns its argument, checked by the compiler, which gives `input`, `setup` and `task` the types of one another; a
 * plain object with the same fields works as well.
 */
export function defineWorkload<
  Given extends Params,
  Input,
  State,
  Output,
  const Definition extends Omit<WorkloadDefinition, keyof Fitting<Given, Input, State, Output>> & {
    readonly task: unknown;
  },
>(definition: Fitting<Given, Input, State, Output> & Definition): Definition {
  return definition;
}
