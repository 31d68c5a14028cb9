import type { FoundWorkload, Workload } from '../../dist/src/model/plan.js';
import type { WorkloadClaims } from '../../dist/workers/claims.js';

/** A module that was found, as far as the planner knows it. */
export function foundWorkload(claims: Partial<WorkloadClaims> = {}): FoundWorkload {
  return {
    ref: { url: 'file:///work.js' },
    source: 'work.js',
    fallbackName: 'work',
    claims: {
      params: {},
      services: [],
      takesInput: true,
      readsInput: false,
      transfers: false,
      unknownFields: [],
      isFunction: true,
      steps: ['default'],
      bound: 'cpu',
      ...claims,
    },
  };
}

/** As the planner has completed it. */
export function workloadOf(given: Partial<Workload> = {}): Workload {
  return {
    name: 'work',
    bound: 'cpu',
    boundIs: 'claimed',
    source: 'work.js',
    ref: { url: 'file:///work.js' },
    params: {},
    tasks: 4,
    tasksAreFixed: false,
    hostLoadsIt: false,
    services: [],
    claims: foundWorkload().claims,
    ...given,
  };
}
